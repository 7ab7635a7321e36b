"""Sites as website builders and content systems really answer: the same initiatives, in the markup of each."""
