package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code QRM_DATA/users.keys}: lines {@code NAME TYPE KEY COMMENT}, the name of a user and then a line of authorized_keys(5). For the
 * owner's eyes only, and read at each login, so that an edit takes effect at once. What is changed here leaves other lines as they are.
 */
record KeysFile(Path path) {

    private static final Logger LOG = LoggerFactory.getLogger(KeysFile.class);
    private static final String HEAD = "# public keys of QRM's users: name, type, key, comment\n";

    static KeysFile below(Path dataDirectory) {
        return new KeysFile(dataDirectory.resolve("users.keys"));
    }

    /** In the order of the file. */
    List<SshKey> of(String user) throws IOException {
        List<SshKey> keys = new ArrayList<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            try {
                if (user.equals(userOf(line))) {
                    keys.add(keyOf(line));
                }
            } catch (SshKey.Refused refused) {
                LOG.warn("{}, line {}, opens nothing: {}. {}", path, number, refused.getMessage(), refused.remedy());
            }
        }
        return keys;
    }

    /** @return the key that is there now */
    SshKey add(String user, SshKey key) throws IOException {
        synchronized (KeysFile.class) {
            Optional<SshKey> present = of(user).stream().filter(key::equals).findFirst();
            if (present.isEmpty()) {
                List<String> lines = new ArrayList<>(lines());
                lines.add(user + " " + key.line());
                write(lines);
            }
            return present.orElse(key);
        }
    }

    /** @return whether the user had it */
    boolean remove(String user, String fingerprint) throws IOException {
        return leaveOut(line -> user.equals(userOf(line)) && fingerprint.equals(fingerprintOf(line)));
    }

    /** All that is said of a user. */
    void forget(String user) throws IOException {
        leaveOut(line -> user.equals(userOf(line)));
    }

    private boolean leaveOut(Predicate<String> which) throws IOException {
        synchronized (KeysFile.class) {
            List<String> lines = lines();
            List<String> kept = lines.stream().filter(which.negate()).toList();
            if (kept.size() < lines.size()) {
                write(kept);
            }
            return kept.size() < lines.size();
        }
    }

    /** Null where the line says nothing. */
    private static String userOf(String line) {
        return line.isBlank() || line.startsWith("#") ? null : words(line)[0];
    }

    private static SshKey keyOf(String line) throws SshKey.Refused {
        String[] words = words(line);
        return SshKey.parse(words.length < 2 ? "" : words[1]);
    }

    private static String fingerprintOf(String line) {
        try {
            return keyOf(line).fingerprint();
        } catch (SshKey.Refused noKey) {
            return "";
        }
    }

    private static String[] words(String line) {
        return line.strip().split("[ \t]+", 2);
    }

    private List<String> lines() throws IOException {
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private void write(List<String> lines) throws IOException {
        String text = String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
        UsersFile.writePrivate(path, text.startsWith("#") ? text : HEAD + text);
    }
}
