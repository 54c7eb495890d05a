package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.testkit.StorageTypeContract;

/** What the server relies on, of storage servers that are played. */
abstract class NfsContract extends StorageTypeContract {

    private static final Pattern CLIENT = Pattern.compile(" ([0-9.]+)\\((rw|ro),");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final List<NfsStorage> types = new ArrayList<>();

    @After
    public final void stop() {
        types.forEach(NfsStorage::stop);
    }

    abstract Map<String, Object> settings();

    /** Where the storage server has its images. */
    abstract Path images();

    /** Where its files are, as it sees them. */
    abstract Path system();

    @Override
    protected StorageType type() {
        NfsStorage type = new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), settings());
        types.add(type);
        return type;
    }

    @Override
    protected StorageServer server() {
        return Bench.server(images());
    }

    @Override
    protected boolean exists(FilesystemImage image) {
        return Files.exists(Path.of(image.path()));
    }

    @Override
    protected List<StorageClient> access(FilesystemImage image) throws IOException {
        Path taken = system().resolve("taken");
        String all = Files.exists(taken) ? Files.readString(taken) : "";
        return all.lines()
                .filter(line -> line.startsWith(image.path() + " "))
                .flatMap(line -> CLIENT.matcher(line).results())
                .map(found -> new StorageClient(found.group(1), found.group(2).equals("rw")))
                .toList();
    }

    @Override
    protected boolean disconnect() {
        commands.disconnected = true;
        return true;
    }

    @Override
    protected boolean stick() {
        commands.prefixes.put(server().managementAddress(), List.of("sh", "-c", "exec /bin/sleep 60", "qrm-test"));
        return true;
    }
}
