package org.qrm.core.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.audit.AuditVerification;
import org.qrm.core.audit.AuditService;
import org.qrm.core.store.Database;

/** What {@code qrm-server backup}, {@code verify} and {@code restore} do besides looking whether a server runs. */
public final class BackupProgram {

    private static final String DATA = "data";
    private static final String DUMP = "database.dump";

    /**
     * Regular expressions of what is made anew, belongs to one process, is an older backup of its kind, or is the file
     * system's own.
     */
    private static final List<String> NOT_KEPT = List.of(
            "(karaf|log|deploy-arriving|boot/idle|database|snapshot|restore[a-z-]*|before-restore-[^/]*|\\.cache|lost\\+found)/.*",
            "qrm-server\\.(lock|pid)|backup\\.(lock|socket)");

    /** All of etc but what an administrator writes: settings of the server, and of what is in it. */
    private static final List<String> NO_SETTINGS = List.of("(?!(qrm|org\\.qrm\\.[^/]*)\\.cfg$|/$).*");

    private final Map<String, String> environment;
    private final Path data;
    private final String url;

    BackupProgram(Map<String, String> environment) {
        this.environment = environment;
        this.data = Path.of(environment.get("QRM_DATA"));
        this.url = environment.getOrDefault("QRM_DATABASE_URL", "");
    }

    /** Runs with {@code backup|verify|extract|load FILE}, and the settings of the server in the environment. */
    public static void main(String[] arguments) {
        Path file = Path.of(arguments[1]).toAbsolutePath();
        String verb = arguments[0];
        try {
            BackupProgram program = new BackupProgram(System.getenv());
            switch (verb) {
                case "backup" -> program.backup(file);
                case "verify" -> program.verify(file);
                case "extract" -> program.extract(file);
                case "load" -> program.load(file);
                default -> throw new IllegalArgumentException(verb);
            }
        } catch (IOException | RuntimeException failed) {
            System.err.println(
                    "qrm-server: cannot " + (List.of("extract", "load").contains(verb) ? "restore" : verb) + " " + file
                            + ": " + said(failed));
            System.exit(1);
        }
    }

    private static String said(Exception failed) {
        if (failed instanceof NoSuchFileException file) {
            return "there is no " + file.getFile();
        }
        if (failed instanceof AccessDeniedException file) {
            return "user " + System.getProperty("user.name") + " may not read or write " + file.getFile();
        }
        return failed.getMessage();
    }

    private boolean onPostgres() {
        return url.startsWith("jdbc:postgresql:");
    }

    void backup(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new IOException("there is such a file already; give another name");
        }
        if (!Files.isDirectory(file.getParent())) {
            throw new IOException("there is no directory " + file.getParent());
        }
        if (file.getParent().toRealPath().startsWith(data.toRealPath())) {
            throw new IOException("it would be part of what it saves, and grow until " + data
                    + " is full; give a name elsewhere, on another disk if there is one");
        }
        Path copy = SnapshotSocket.snapshotIn(data);
        try (FileChannel channel = FileChannel.open(
                        data.resolve("backup.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new IOException("another backup is under way");
            }
            delete(copy);
            try (BackupFile backup = new BackupFile(file)) {
                addDatabase(backup, copy);
                backup.addAll(DATA, data, NOT_KEPT);
                backup.addAll(BackupFile.SETTINGS, settings(), NO_SETTINGS);
                backup.add(BackupFile.MANIFEST, manifest());
                backup.finish();
            } finally {
                delete(copy);
            }
        }
        System.out.println("Saved to " + file + " (" + Files.size(file) / 1024 + " KiB)");
    }

    private void addDatabase(BackupFile backup, Path copy) throws IOException {
        if (onPostgres()) {
            Files.createDirectory(copy);
            new PostgresPrograms(url).dump(copy.resolve(DUMP));
            try (InputStream in = Files.newInputStream(copy.resolve(DUMP))) {
                backup.add(DUMP, in);
            }
            return;
        }
        if (!Files.isDirectory(data.resolve("database"))) {
            throw new IOException("there is no database in " + data
                    + "; when it is on PostgreSQL, set QRM_DATABASE_URL as for the server");
        }
        Optional<Path> made = SnapshotSocket.ask(data);
        boolean running = "true".equals(environment.get("QRM_RUNNING"));
        if (made.isEmpty() && running) {
            throw new IOException("the server runs, but does not answer yet; try again when qrm-server status says"
                    + " that it is ready, or stop it");
        }
        backup.addAll(DATA + "/database", made.orElse(data).resolve("database"), List.of("db\\.lck|dbex\\.lck"));
    }

    private Path settings() {
        return Path.of(environment.get("QRM_HOME")).resolve("etc");
    }

    private String manifest() throws IOException {
        return "format=1\nversion=" + environment.get("QRM_VERSION")
                + "\ntables=" + Database.newestTables()
                + "\ntime=" + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + "\naddress=" + environment.get("QRM_ADDRESS")
                + "\nhost=" + environment.get("QRM_HOST")
                + "\ndatabase=" + (onPostgres() ? "postgresql" : "derby") + "\n";
    }

    private void verify(Path file) throws IOException {
        try (BackupCheck check = new BackupCheck(file)) {
            Map<String, String> manifest = check.manifest();
            refuseNewer(manifest);
            int files = check.checkFiles();
            Path scratch = Files.createTempDirectory("qrm-verify");
            try {
                String database =
                        manifest.get("database").equals("derby") ? openDerby(check, scratch) : openDump(check, scratch);
                System.out.println("Good: the backup of QRM " + manifest.get("version") + " on " + manifest.get("host")
                        + " (" + manifest.get("address") + "), made " + manifest.get("time") + ": " + files
                        + " files, " + database);
            } finally {
                delete(scratch);
            }
        }
    }

    private static String openDerby(BackupCheck check, Path scratch) throws IOException {
        check.extract(DATA + "/database", scratch.resolve("database"));
        try (Database database = Database.open("jdbc:derby:" + scratch.resolve("database"), scratch, "verification")) {
            database.checkTables();
            AuditVerification audit = new AuditService(database, Clock.systemUTC()).verify();
            if (audit.firstBroken() != null) {
                throw new IOException(
                        "its audit log is broken at entry " + audit.firstBroken() + ": " + audit.reason());
            }
            return "the database opens, its tables are whole, " + audit.entries() + " audit entries";
        }
    }

    private static String openDump(BackupCheck check, Path scratch) throws IOException {
        Path dump = scratch.resolve(DUMP);
        try (InputStream in = check.open(DUMP)) {
            Files.copy(in, dump);
        }
        PostgresPrograms.check(dump);
        return "the dump of the database can be read to its end";
    }

    private void refuseNewer(Map<String, String> manifest) throws IOException {
        int tables = Integer.parseInt(manifest.getOrDefault("tables", "0"));
        if (!"1".equals(manifest.get("format")) || tables > Database.newestTables()) {
            throw new IOException("it is of a newer QRM " + manifest.get("version") + "; this is QRM "
                    + environment.get("QRM_VERSION") + ". Install that version, and restore with it");
        }
    }

    /** Verifies, and lays out what qrm-server then moves into its place; tells what differs here. */
    private void extract(Path file) throws IOException {
        verify(file);
        Path part = data.resolve("restore-part");
        delete(part);
        try (BackupCheck check = new BackupCheck(file)) {
            Map<String, String> manifest = check.manifest();
            boolean postgres = manifest.get("database").equals("postgresql");
            if (postgres != onPostgres()) {
                throw new IOException("its database is of the kind " + manifest.get("database")
                        + "; set QRM_DATABASE_URL accordingly");
            }
            check.extract(DATA, part.resolve(DATA));
            if (postgres) {
                try (InputStream in = check.open(DUMP)) {
                    Files.copy(in, part.resolve(DUMP));
                }
                keepDatabase();
            }
            Files.writeString(part.resolve("aside"), environment.get("QRM_ASIDE") + "\n");
            Map<String, String> settings = check.settings();
            Files.move(part, data.resolve("restore-ready"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            tellWhatDiffers(manifest);
            otherSettings(file, settings).forEach(System.out::println);
        } finally {
            delete(part);
        }
    }

    private void keepDatabase() throws IOException {
        Path before = Files.createDirectories(data.resolve(environment.get("QRM_ASIDE")));
        try {
            new PostgresPrograms(url).dump(before.resolve(DUMP));
        } catch (IOException failed) {
            delete(before);
            throw failed;
        }
    }

    /** Puts a dump that was laid out in the place of the database. It may be repeated. */
    private void load(Path dump) throws IOException {
        new PostgresPrograms(url).restore(dump);
    }

    private void tellWhatDiffers(Map<String, String> manifest) {
        String before = manifest.get("address");
        String now = environment.get("QRM_ADDRESS");
        if (!now.equals(before)) {
            System.out.println("The backup is of a server with the address " + before + "; this one has " + now + ":\n"
                    + "  - the server's certificate is issued anew for " + now + " at the start; the authority stays\n"
                    + "  - machines that run report to " + before
                    + " until they boot again: give this host that address, or restart them\n"
                    + "  - DHCP must send machines here (option 210, next-server); the dnsmasq plug-in of QRM does so"
                    + " by itself, a DHCP server of the site does not\n"
                    + "  - exports of storage servers that were opened for " + before
                    + " by hand must be opened for " + now + "\n"
                    + "  - users meet a new host: QRM_URL, bookmarks, known_hosts of the SSH console");
        }
    }

    /** What is said of settings in a backup that are others here, or not here. */
    List<String> otherSettings(Path file, Map<String, String> settings) throws IOException {
        List<String> others = new ArrayList<>();
        for (Map.Entry<String, String> each : settings.entrySet()) {
            Path here = settings().resolve(each.getKey());
            boolean isHere = Files.exists(here);
            if (!given(each.getValue()).equals(given(isHere ? Files.readString(here) : ""))) {
                others.add("Its etc/" + each.getKey()
                        + (isHere ? " says something else than the one here, which stays." : " is not here.")
                        + " It is shown by: unzip -p " + file + " " + BackupFile.SETTINGS + "/" + each.getKey());
            }
        }
        return others;
    }

    /** Its settings but for their order, and what is said about them. */
    private static List<String> given(String settings) {
        return settings.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .sorted()
                .toList();
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
