package org.qrm.plugin.nfs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.testkit.StorageTypeContract;

/** With the script in a directory that plays the storage server. */
public class NfsStorageContractTest extends StorageTypeContract {

    private static final Pattern CLIENT = Pattern.compile(" ([0-9.]+)\\((rw|ro),");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final List<NfsStorage> types = new ArrayList<>();
    private ScriptedHost host;

    @Before
    public void makeAStorageServer() throws IOException {
        host = new ScriptedHost(folder, commands);
        host.serveNfs();
    }

    @After
    public void stop() {
        types.forEach(NfsStorage::stop);
    }

    @Override
    protected StorageType type() {
        NfsStorage type = new NfsStorage(
                commands, bench, bench.eventLog, new NfsTrust(bench), Map.of("sharedFileSystems", "allow"));
        types.add(type);
        return type;
    }

    @Override
    protected StorageServer server() {
        return Bench.server(host.images);
    }

    @Override
    protected List<ImageSource> sources() {
        return List.of(new ImageSource.Empty(), new ImageSource.Archive(archive()));
    }

    private String archive() {
        try {
            Path tree = Files.createDirectories(host.system.resolve("tree/etc"));
            Path archive = host.system.resolve("root.tar");
            GaneshaHost.run(
                    "tar", "-cf", archive.toString(), "-C", tree.getParent().toString(), ".");
            return archive.toString();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
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
                .map(NfsStorageContractTest::client)
                .toList();
    }

    private static StorageClient client(MatchResult found) {
        return new StorageClient(found.group(1), found.group(2).equals("rw"));
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
