"""Works off what is stored: judges events, tells what is to be told, keeps house."""
