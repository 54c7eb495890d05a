package org.qrm.plugin.nfs.internal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** The command that serves the source system's files. It only reads; nothing of it but protocol letters comes from elsewhere. */
final class RsyncSender {

    /**
     * What rsync 3.x on the storage server asks its remote shell for: a host, the program, then our own options as it
     * hands them on. The letters after {@code e} are what its version of the protocol can do (rsync's options.c).
     */
    private static final Pattern ASKED = Pattern.compile(
            "source rsync --server --sender -[vnlHogDtpAXrxS]+e([0-9]{0,3}\\.[A-Za-z]{0,20}) --timeout=300 --numeric-ids \\. /");

    private RsyncSender() {}

    /**
     * Words for the source system.
     *
     * @param asked what the storage server's rsync wanted to run, untrusted
     * @param listOnly whether nothing is to be transferred
     */
    static List<String> words(String asked, boolean listOnly) {
        Matcher matcher = ASKED.matcher(asked);
        if (!matcher.matches()) {
            throw QrmException.failed(
                    "copy the source system",
                    "",
                    "rsync on the storage server wants to run \"" + Name.printable(asked)
                            + "\" there, which is not known",
                    "Use rsync 3.1 or newer on the storage server.",
                    null);
        }
        String letters = (listOnly ? "-n" : "-") + "lHogDtpAXre" + matcher.group(1);
        return List.of("rsync", "--server", "--sender", letters, "--timeout=300", "--numeric-ids", ".", "/");
    }
}
