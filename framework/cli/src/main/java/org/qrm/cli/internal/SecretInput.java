package org.qrm.cli.internal;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import org.qrm.commands.line.Failure;

/** A secret that a person types twice, unseen; or, where there is no terminal, a line of the input. */
final class SecretInput {

    private SecretInput() {}

    static String read(BufferedReader input, String prompt) {
        Console console = System.console();
        if (console == null) {
            return line(input, prompt);
        }
        char[] typed = console.readPassword("%s: ", prompt);
        char[] again = console.readPassword("Once more: ");
        if (typed == null || again == null || !String.valueOf(typed).equals(String.valueOf(again))) {
            throw Failure.usage("The two differ; nothing was changed.");
        }
        return new String(typed);
    }

    /** One that is known: typed once. */
    static String readOnce(BufferedReader input, String prompt) {
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("%s: ", prompt);
        return typed == null ? line(input, prompt) : new String(typed);
    }

    private static String line(BufferedReader input, String prompt) {
        try {
            String line = input.readLine();
            if (line == null || line.isEmpty()) {
                throw Failure.usage(prompt + ": write it as the first line of the input.");
            }
            return line;
        } catch (IOException e) {
            throw Failure.usage(prompt + ": cannot read it: " + e.getMessage());
        }
    }
}
