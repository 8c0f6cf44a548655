"""How texts travel: delivery, outcomes, rates, opt-outs, WhatsApp's window, reports."""
