package org.qrm.login.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code QRM_DATA/users.properties}: lines {@code name = hash,role,…}, for the owner's eyes only. It is read at each
 * login, so that an edit takes effect at once.
 */
record UsersFile(Path path) {

    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,31}");

    private static final Logger LOG = LoggerFactory.getLogger(UsersFile.class);
    private static final String HEAD = "# users of QRM: name = hash of the password, roles (admin, operator, viewer)\n";
    /** Stands among the roles of who has the first password still; releases that do not know it pass over it. */
    private static final String FIRST = "first-password";

    /**
     * A user of the file.
     *
     * @param first whether the password is the one that the server made: until it is changed it opens nothing else
     */
    record User(PasswordHash password, Set<Role> roles, boolean first) {
        User(PasswordHash password, Set<Role> roles) {
            this(password, roles, false);
        }
    }

    static UsersFile below(Path dataDirectory) {
        return new UsersFile(dataDirectory.resolve("users.properties"));
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** Whether there is one, or a line that may have been one: what cannot be read is nobody's to replace. */
    boolean hasUsers() throws IOException {
        return exists() && lines().stream().anyMatch(UsersFile::isUsers);
    }

    Optional<User> user(String name) throws IOException {
        return Optional.ofNullable(read().get(name));
    }

    /** Adds the user, or replaces the one of that name. */
    void put(String name, User user) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a user's name is of lower-case letters, digits, dots, underscores and hyphens, at most 32");
        }
        Map<String, User> users = exists() ? read() : new TreeMap<>();
        users.put(name, user);
        write(users);
    }

    Map<String, User> read() throws IOException {
        Map<String, User> users = new TreeMap<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            if (isUsers(line)) {
                readLine(users, line, number);
            }
        }
        return users;
    }

    private static boolean isUsers(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(path);
        } catch (CharacterCodingException damaged) {
            throw new IOException(path + " is damaged: it is no text in UTF-8", damaged);
        }
    }

    private void readLine(Map<String, User> users, String line, int number) {
        String[] nameAndRest = line.split("=", 2);
        String[] parts = nameAndRest[nameAndRest.length - 1].trim().split("\\s*,\\s*");
        Optional<PasswordHash> password = PasswordHash.parse(parts[0]);
        if (nameAndRest.length < 2 || password.isEmpty()) {
            LOG.warn("{}, line {}, is no user (name = hash,role,…); ignored", path, number);
            return;
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (int i = 1; i < parts.length; i++) {
            Role.named(parts[i]).ifPresent(roles::add);
        }
        boolean first = Arrays.asList(parts).contains(FIRST);
        users.put(nameAndRest[0].trim(), new User(password.get(), roles, first));
    }

    void write(Map<String, User> users) throws IOException {
        String text = users.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + line(entry.getValue()) + "\n")
                .collect(Collectors.joining("", HEAD, ""));
        writePrivate(path, text);
    }

    private static String line(User user) {
        return Stream.of(
                        Stream.of(user.password().text()),
                        user.roles().stream().map(Role::text),
                        user.first() ? Stream.of(FIRST) : Stream.<String>empty())
                .flatMap(part -> part)
                .collect(Collectors.joining(","));
    }

    /** In one step, so that a crash leaves the old file or the new one. */
    static void writePrivate(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = StandardCharsets.UTF_8.encode(text);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
