package org.qrm.plugin.nfs.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.qrm.api.Problem.Kind;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;

/** Against a real NFS-Ganesha, looked at with a real NFS client. */
public class GaneshaTest {

    @ClassRule
    public static final GaneshaHost HOST = new GaneshaHost();

    private final LocalCommands commands = new LocalCommands();
    private final Bench bench = new Bench();
    private final NfsStorage storage =
            new NfsStorage(commands, bench, bench.eventLog, new NfsTrust(bench), Map.of("sharedFileSystems", "allow"));
    private final StorageServer server = Bench.server(HOST.root());

    @Before
    public void reachTheHost() {
        commands.prefixes.put(GaneshaHost.ADDRESS, HOST.prefix());
    }

    @After
    public void tidy() throws Exception {
        for (String path : storage.list(server, bench)) {
            Path each = Path.of(path);
            storage.remove(server, Bench.image(each.getFileName().toString(), each), bench);
        }
        storage.stop();
        GaneshaHost.run(
                "sh", "-c", "rm -rf \"$1\"/* \"$1\"/.qrm*", "sh", HOST.root().toString());
    }

    @Test
    public void saysWhatServerItFound() {
        StorageFacts facts = storage.probe(server, bench);
        assertTrue(facts.implementation(), facts.implementation().matches("NFS-Ganesha [0-9.]+"));
        assertTrue(facts.freeBytes() > 0);
    }

    @Test
    public void opensAnImageToExactlyTheMachinesGiven() throws Exception {
        FilesystemImage image = made("web1");
        secret(image);
        assertFalse(canRead("10.88.0.101", image));

        storage.setAccess(server, image, List.of(new StorageClient("10.88.0.101", true)), bench);
        assertTrue(canRead("10.88.0.101", image));
        assertTrue(canWrite("10.88.0.101", image));
        assertFalse(canRead("10.88.0.102", image));

        storage.setAccess(server, image, List.of(new StorageClient("10.88.0.102", false)), bench);
        assertFalse(canRead("10.88.0.101", image));
        assertTrue(canRead("10.88.0.102", image));
        assertFalse(canWrite("10.88.0.102", image));

        storage.setAccess(server, image, List.of(), bench);
        assertFalse(canRead("10.88.0.101", image));
        assertFalse(canRead("10.88.0.102", image));
        assertEquals(List.of(), filesIn(HOST.exports()));
    }

    @Test
    public void answersNoUserOfAMachineWhoSaysThatHeIsRoot() throws Exception {
        FilesystemImage image = made("web1");
        Path file = secret(image);
        storage.setAccess(server, image, List.of(new StorageClient("10.88.0.101", true)), bench);
        String asRoot = GaneshaHost.url(file) + "&uid=0&gid=0";
        assertTrue(HOST.client("10.88.0.101", "nfs-cat", asRoot));
        assertFalse(HOST.client(
                "10.88.0.101", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "nfs-cat", asRoot));
    }

    @Test
    public void keepsTheNumberOfAnExportAndGivesNoneTwice() throws Exception {
        List<StorageClient> clients = List.of(new StorageClient("10.88.0.101", true));
        FilesystemImage first = made("first");
        FilesystemImage second = made("second");
        storage.setAccess(server, first, clients, bench);
        String before = exportId("first");
        storage.setAccess(server, first, List.of(), bench);
        storage.setAccess(server, second, clients, bench);
        storage.setAccess(server, first, clients, bench);
        assertEquals(before, exportId("first"));
        assertNotEquals(before, exportId("second"));
    }

    @Test
    public void closesAndDeletesWhatIsRemoved() throws Exception {
        FilesystemImage image = made("gone");
        storage.setAccess(server, image, List.of(new StorageClient("10.88.0.101", true)), bench);
        storage.remove(server, image, bench);
        storage.remove(server, image, bench);
        assertFalse(canRead("10.88.0.101", image));
        assertEquals(List.of(), filesIn(HOST.exports()));
        assertEquals(List.of(), filesIn(HOST.root()));
    }

    @Test
    public void leavesExportsOfOthersAlone() throws Exception {
        Path theirs = Files.createDirectory(HOST.root().resolve("theirs"));
        Path file = Files.writeString(
                HOST.exports().resolve("theirs.conf"),
                Exports.forGanesha(
                        "theirs", theirs.toString(), 10000, false, List.of(new StorageClient("10.88.0.102", false))));
        FilesystemImage image = made("ours");
        storage.setAccess(server, image, List.of(new StorageClient("10.88.0.101", true)), bench);
        assertNotEquals("10000", exportId("ours"));
        assertTrue(HOST.client("10.88.0.102", "nfs-ls", GaneshaHost.url(theirs)));
        storage.setAccess(server, image, List.of(), bench);
        assertTrue(HOST.client("10.88.0.102", "nfs-ls", GaneshaHost.url(theirs)));
        Files.delete(file);
        Files.delete(theirs);
    }

    @Test
    public void saysSoWhenGaneshaRefusesAnExportAndLeavesItClosed() throws Exception {
        FilesystemImage first = made("first");
        FilesystemImage second = made("second");
        Path file = Files.writeString(
                HOST.exports().resolve("clash.conf"),
                Exports.forGanesha(
                        "clash", second.path(), 9999, false, List.of(new StorageClient("10.88.0.102", false))));
        storage.setAccess(server, first, List.of(new StorageClient("10.88.0.101", true)), bench);
        QrmException problem = assertThrows(
                QrmException.class,
                () -> storage.setAccess(server, second, List.of(new StorageClient("10.88.0.101", true)), bench));
        assertEquals(Kind.FAILED, problem.problem().kind());
        Files.delete(file);
        assertEquals(List.of("qrm-first.conf"), filesIn(HOST.exports()));
        storage.setAccess(server, second, List.of(new StorageClient("10.88.0.101", true)), bench);
    }

    private FilesystemImage made(String name) {
        FilesystemImage image = Bench.image(name, HOST.root().resolve(name));
        storage.create(server, image, new ImageSource.Empty(), bench);
        return image;
    }

    /** A file that only root may read. */
    private static Path secret(FilesystemImage image) throws Exception {
        Path file = Path.of(image.path()).resolve("secret");
        HOST.onServer("sh", "-c", "echo of root >\"$1\"; chmod 0 \"$1\"", "sh", file.toString());
        return file;
    }

    private static boolean canRead(String address, FilesystemImage image) throws Exception {
        return HOST.client(
                address, "nfs-cat", GaneshaHost.url(Path.of(image.path()).resolve("secret")));
    }

    private static boolean canWrite(String address, FilesystemImage image) throws Exception {
        return HOST.client(
                address,
                "nfs-cp",
                "/etc/hostname",
                GaneshaHost.url(Path.of(image.path()).resolve("written")));
    }

    private static String exportId(String image) throws Exception {
        return Files.readString(HOST.exports().resolve("qrm-" + image + ".conf"))
                .replaceAll("(?s).*Export_Id = (\\d+);.*", "$1");
    }

    private static List<String> filesIn(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
