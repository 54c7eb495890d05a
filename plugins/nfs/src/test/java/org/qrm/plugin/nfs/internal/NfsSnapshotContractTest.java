package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.testkit.StorageTypeContract;

/** With images that are file systems of their own, so that there are snapshots. */
@RunWith(Parameterized.class)
public class NfsSnapshotContractTest extends StorageTypeContract {

    private static final Pattern CLIENT = Pattern.compile(" ([0-9.]+)\\((rw|ro),");

    /** Those in which most happens on the storage server. */
    @Parameters(name = "{0}")
    public static List<DiskKind> kinds() {
        return List.of(DiskKind.FILE, DiskKind.THICK);
    }

    @Parameter
    public DiskKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final List<NfsStorage> types = new ArrayList<>();
    private SystemdHost host;

    @Before
    public void makeAStorageServer() throws IOException {
        host = kind.host(folder, commands);
        host.program("exportfs", ScriptedHost.EXPORTFS);
    }

    @After
    public void stop() {
        types.forEach(NfsStorage::stop);
    }

    @Override
    protected StorageType type() {
        NfsStorage type = new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), kind.settings());
        types.add(type);
        return type;
    }

    @Override
    protected StorageServer server() {
        return Bench.server(host.images);
    }

    @Override
    protected boolean exists(FilesystemImage image) {
        return Files.exists(Path.of(image.path()));
    }

    @Override
    protected List<StorageClient> access(FilesystemImage image) throws IOException {
        Path taken = host.system.resolve("taken");
        String all = Files.exists(taken) ? Files.readString(taken) : "";
        return all.lines()
                .filter(line -> line.startsWith(image.path() + " "))
                .flatMap(line -> CLIENT.matcher(line).results())
                .map(found -> new StorageClient(found.group(1), found.group(2).equals("rw")))
                .toList();
    }

    @Override
    protected boolean write(FilesystemImage image, String text) throws IOException {
        Files.writeString(Path.of(image.path()).resolve("state"), text);
        return true;
    }

    @Override
    protected String read(FilesystemImage image) throws IOException {
        return Files.readString(Path.of(image.path()).resolve("state"));
    }

    @Override
    protected boolean disconnect() {
        commands.disconnected = true;
        return true;
    }

    @Override
    protected boolean stick() {
        commands.prefixes.put(server().managementAddress(), List.of("sh", "-c", "exec sleep 60", "qrm-test"));
        return true;
    }
}
