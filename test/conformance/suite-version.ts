/** The Connect project's conformance suite: the program that is run and the definitions its messages are made from. */

export const suiteModule = "connectrpc.com/conformance";
export const suiteVersion = "v1.0.7";
