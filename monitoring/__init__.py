"""What is heard: streams of accounts, watches and sources, and the messages and entries that they bring."""
