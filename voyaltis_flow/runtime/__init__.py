"""The async loop that joins engine, responder and journal, and what it asks of them."""
