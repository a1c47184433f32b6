"""What came of a run: numbers, a page of text, and a page with a picture."""
