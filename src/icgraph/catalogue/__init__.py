"""What describes the graph as a whole: how much it holds, of what, and from where."""
