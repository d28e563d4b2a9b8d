"""How the tables came to be as they are: a file a change, run when a store is opened."""
