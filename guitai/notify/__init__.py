"""SMS, e-mail and in-app messages: one outbox, many senders."""
