"""One module per kind of event: gather facts, ask the policy, write down what follows."""
