package org.qrm.login.internal;

/** What is said to whom has the password still that the server made. */
final class FirstPassword {

    static final String REASON = "the password that the server made opens nothing until it is changed";

    private FirstPassword() {}

    static String remedy(String name) {
        return "Change it with: qrm user password " + name + ", or in the web console.";
    }
}
