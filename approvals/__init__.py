"""Routes, steps, requests and decisions: is this exact content cleared? Knows no kind of subject by name."""
