"""What an agent shows of itself: metrics, traces, logs and costs. Never a rep's words, never a secret."""
