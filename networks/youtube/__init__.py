"""YouTube: a message is a video, an answer a comment."""
