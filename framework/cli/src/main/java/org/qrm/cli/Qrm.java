package org.qrm.cli;

import org.qrm.cli.internal.CommandLineOfQrm;

/** {@code bin/qrm}: what the REST interface can do, on the command line. */
public final class Qrm {

    private Qrm() {}

    public static void main(String[] arguments) {
        System.exit(CommandLineOfQrm.run(arguments));
    }
}
