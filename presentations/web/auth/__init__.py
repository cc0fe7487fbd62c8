"""Who somebody is: sign-in, sessions, single sign-on, and their own account with its tokens and webhooks."""
