package org.qrm.plugin.ipmi.internal;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.qrm.api.Name;

/**
 * What ipmitool said.
 *
 * @param status its exit status; {@link #ENDED} when it was ended because its time was over
 * @param text its output, the start of it
 */
record Said(int status, String text) {

    static final int ENDED = -1;

    private static final int MOST = 300;

    // What it says to -v also when all is well; the refusals among it are of questions that nobody asked
    private static final Pattern CHATTER = Pattern.compile(
            "Loading IANA PEN Registry.*|IANA PEN [Rr]egistry .*"
                    + "|Get HPM\\.x Capabilities request failed.*|Running Get (VSO|PICMG) .*|Invalid completion code received: .*"
                    + "|Invalid data field received: .*|Discovered .*|Acquire IPMB address|Using best available cipher suite .*");
    // What it says last whatever was wrong
    private static final String NO_SESSION = "Error: Unable to establish IPMI v2 / RMCP+ session";

    boolean isWell() {
        return status == 0;
    }

    /** The lines that tell something. */
    List<String> lines() {
        return text.lines()
                .map(line -> line.strip().replaceFirst("^> ", ""))
                .filter(line -> !line.isEmpty() && !CHATTER.matcher(line).matches())
                .distinct()
                .toList();
    }

    /** The same, fit for a message. */
    String words() {
        List<String> lines = lines();
        List<String> telling =
                lines.stream().filter(line -> !line.equals(NO_SESSION)).toList();
        return Name.printable((telling.isEmpty() ? lines : telling).stream().collect(Collectors.joining("; ")), MOST);
    }
}
