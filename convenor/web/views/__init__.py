"""The pages that belong to no single feature: homes, sign-in, a person's account, the frame."""
