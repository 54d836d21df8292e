"""Effects to people: what the node asks for goes to webhooks, mail and diallers, with proof."""
