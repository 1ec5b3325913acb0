"""A card acquirer that speaks Stripe's API: sessions, payments, refunds, disputes, webhooks with real signatures."""
