package org.qrm.plugin.ipmi.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** A console whose ipmitool does not hear that nobody types any more, and is ended by force. */
public class EndedConsoleTest {

    @Test
    public void itsOutputEndsAsOfAnyOther() throws Exception {
        for (String says : new String[] {"", "tcgetattr: no\nlogin: "}) {
            Process process = new ProcessBuilder("sh", "-c", "printf '%s' \"$1\"; exec sleep 60", "sh", says).start();
            Console console = new Console(process, () -> {});
            if (!says.isEmpty()) {
                assertEquals(
                        "login: ",
                        new String(console.output().readNBytes("login: ".length()), StandardCharsets.US_ASCII));
            }
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            assertEquals(says, -1, console.output().read());
            assertEquals(says, 0, console.output().readAllBytes().length);
        }
    }

    @Test
    public void whoReadsMeanwhileIsToldOfTheEnd() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        Console console = new Console(process, () -> {});
        int[] read = {0};
        Thread reader = new Thread(() -> {
            try {
                read[0] = console.output().read();
            } catch (IOException thrown) {
                read[0] = -2;
            }
        });
        reader.start();
        TimeUnit.MILLISECONDS.sleep(300);
        process.destroyForcibly();
        reader.join(10_000);
        assertEquals(-1, read[0]);
    }
}
