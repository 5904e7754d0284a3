"""S4 at full length: real pages, a real worker, a real broker, and networks that repeat what they are told."""
