package org.qrm.core.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Accepted answers as configurations {@code org.qrm.plugin.<id>}. They are copies: the database has the answers, and they
 * are written again at each start. A secret goes into a file below QRM_DATA, and the configuration refers to it, so that
 * nobody who lists configurations sees it.
 */
public final class PluginConfigurations {

    private static final String PID = "org.qrm.plugin.";

    /** Tells a configuration of ours from one that an administrator keeps in a file. */
    private static final String MARK = "qrm.answered";

    private static final String ANY_BUNDLE = "?";

    private final ConfigurationAdmin admin;
    private final Path secrets;

    /** @param secrets the directory that configurations' references to secrets mean */
    public PluginConfigurations(ConfigurationAdmin admin, Path secrets) {
        this.admin = admin;
        this.secrets = secrets;
    }

    void put(String plugin, Map<String, Answer> answers) {
        try {
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(MARK, "true");
            for (Map.Entry<String, Answer> entry : answers.entrySet()) {
                String value = value(plugin, entry.getKey(), entry.getValue());
                if (value != null) {
                    properties.put(entry.getKey(), value);
                }
            }
            admin.getConfiguration(PID + plugin, ANY_BUNDLE).updateIfDifferent(properties);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write the configuration of plug-in " + plugin, failed);
        }
    }

    /** Null for one that cannot be read, and has no copy here of when it could. */
    private String value(String plugin, String question, Answer answer) throws IOException {
        if (!answer.secret() || answer.isReadable() && answer.text().isEmpty()) {
            return answer.text();
        }
        String name = prefix(plugin) + question;
        Path file = secrets.resolve(name);
        if (answer.isReadable()) {
            write(file, answer.text());
        }
        return Files.exists(file) ? "$[secret:" + name + "]" : null;
    }

    private static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(next, text.getBytes(StandardCharsets.UTF_8));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove(String plugin) {
        try {
            for (Configuration configuration : find(PID + plugin)) {
                configuration.delete();
            }
            for (Path secret : secretsOf(plugin)) {
                Files.deleteIfExists(secret);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remove the configuration of plug-in " + plugin, failed);
        }
    }

    /** The plug-ins that have a configuration of ours. */
    List<String> configured() {
        return find(PID + "*").stream()
                .map(configuration -> configuration.getPid().substring(PID.length()))
                .toList();
    }

    private List<Configuration> find(String pid) {
        try {
            Configuration[] found = admin.listConfigurations("(&(service.pid=" + pid + ")(" + MARK + "=true))");
            return found == null ? List.of() : List.of(found);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot list configurations", failed);
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<Path> secretsOf(String plugin) throws IOException {
        if (!Files.isDirectory(secrets)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(secrets)) {
            return new ArrayList<>(
                    files.filter(file -> file.getFileName().toString().startsWith(prefix(plugin)))
                            .toList());
        }
    }

    /** Ends in a character that no id has, so that one plug-in's secrets are not another's. */
    private static String prefix(String plugin) {
        return "plugin-" + plugin + ".";
    }
}
