"""What is sent: images made safe, one hash for a whole post, and what changed between two contents."""
