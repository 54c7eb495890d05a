package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;
import org.qrm.api.HostName;
import org.qrm.api.QrmException;

/**
 * Holds what is accepted as a machine's name against what the machine's own script makes of it: an accepted one is kept as it is,
 * and what is made of any other would be accepted.
 */
public class HostNamePropertyTest {

    private static final long SEED = Long.getLong("qrm.seed", 20261130);
    private static final int TRIES = 400;
    private static final Path LIBRARY = Path.of("../node/src/lib");
    private static final List<String> PIECES = List.of(
            "a",
            "B",
            "9",
            "0x1f",
            "0X",
            "010",
            "-",
            "--",
            ".",
            "..",
            "_",
            "localhost",
            "LocalHost",
            ".localhost",
            ".localdomain",
            "localhost6",
            "ip6-loopback",
            "xn--",
            "web",
            "node-525400aa0001",
            "255",
            "~",
            "$(x)",
            "*",
            "=",
            "x".repeat(30));

    @Test
    public void whatIsAcceptedIsKeptAndWhatIsMadeOfTheRestWouldBeAccepted() throws Exception {
        System.out.println("HostNamePropertyTest: -Dqrm.seed=" + SEED);
        List<String> names = generate(new Random(SEED));
        List<String> made = onTheMachine(names);
        assertEquals(names.size(), made.size());
        Map<String, String> wrong = new LinkedHashMap<>();
        int accepted = 0;
        for (int i = 0; i < names.size(); i++) {
            boolean accepts = accepts(names.get(i));
            accepted += accepts ? 1 : 0;
            if (accepts ? !made.get(i).equals(names.get(i)) : !accepts(made.get(i))) {
                wrong.put(names.get(i), made.get(i));
            }
        }
        assertEquals(Map.of(), wrong);
        assertTrue("too few were accepted to tell: " + accepted, accepted > TRIES / 20);
    }

    private static List<String> generate(Random random) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            StringBuilder name = new StringBuilder();
            for (int pieces = random.nextInt(5); pieces >= 0; pieces--) {
                name.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            names.add(name.toString());
        }
        return names;
    }

    private static boolean accepts(String name) {
        try {
            HostName.checked("rename", name);
            return true;
        } catch (QrmException refused) {
            return false;
        }
    }

    private static List<String> onTheMachine(List<String> names) throws Exception {
        Process shell = new ProcessBuilder(
                        "sh",
                        "-eu",
                        "-c",
                        ". ./say.sh; . ./grammar.sh; . ./mount.sh; mac=52:54:00:aa:00:01;"
                                + " while IFS= read -r name; do host_name_from \"$name\"; done")
                .directory(LIBRARY.toFile())
                .redirectErrorStream(true)
                .start();
        try (var to = shell.outputWriter(StandardCharsets.US_ASCII)) {
            to.write(String.join("\n", names) + "\n");
        }
        List<String> made = shell.inputReader(StandardCharsets.US_ASCII).lines().toList();
        assertEquals(made.toString(), 0, shell.waitFor());
        return made;
    }
}
