"""What the Messaging API accepts, declared as tables and checked by one small engine."""
