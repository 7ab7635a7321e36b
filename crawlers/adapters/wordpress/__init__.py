"""Sites on WordPress, and its REST interface."""
