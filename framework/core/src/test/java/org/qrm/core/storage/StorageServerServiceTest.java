package org.qrm.core.storage;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.ImageSource;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.storage.Mount;
import org.qrm.api.storage.StorageClient;
import org.qrm.api.storage.StorageFacts;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageType;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.store.Database;
import org.qrm.core.store.TestDatabase;

public class StorageServerServiceTest {

    private static final StorageServer NFS =
            new StorageServer("NFS-server", "nfs", "192.168.1.5", "192.168.1.6", "/diskimages", null);

    private final Database database = TestDatabase.fresh();
    private final PluginCalls calls = new PluginCalls();
    private final Whiteboard<StorageType> types = new Whiteboard<>(calls);
    private final StorageServerService servers = new StorageServerService(database, new StorageTypes(types), calls);

    @After
    public void close() {
        calls.close();
        database.close();
    }

    @Test
    public void keepsWhatItWasGiven() {
        servers.create(NFS);
        assertEquals(NFS, servers.find("NFS-server").orElseThrow());
    }

    @Test
    public void takesTheTypeInAnyCase() {
        servers.create(new StorageServer("s", "NFS", "192.168.1.5", "store.example.org", "/d", null));
        assertEquals("nfs", servers.find("s").orElseThrow().type());
    }

    @Test
    public void isAskedByItsStorageTypeWhetherItCanBeUsed() {
        servers.create(NFS);
        assertEquals(Problem.Kind.NOT_FOUND, kindOf(() -> servers.probe("none")));
        assertEquals("no plug-in is there", Problem.Kind.UNAVAILABLE, kindOf(() -> servers.probe("NFS-server")));
        Probed type = new Probed();
        types.arrived(type, 0);
        assertEquals(new StorageFacts("kernel NFS server", 4711), servers.probe("NFS-server"));
        type.failure = QrmException.refused("log in", "192.168.1.6", "our key is not accepted", "Install the line.");
        assertEquals(Problem.Kind.REFUSED, kindOf(() -> servers.probe("NFS-server")));
        type.failure = new IllegalStateException("broken");
        assertEquals("whatever a plug-in throws", Problem.Kind.FAILED, kindOf(() -> servers.probe("NFS-server")));
    }

    @Test
    public void refusesWhatCouldNotBeAnAddressAHostOrAPath() {
        refused("a b", "192.168.1.5", "h", "/d");
        refused("s", "192.168.1.256", "h", "/d");
        refused("s", "host.example.org", "h", "/d");
        refused("s", "192.168.1.5", "-oProxyCommand=x", "/d");
        refused("s", "192.168.1.5", "999.1.1.1", "/d");
        for (String path : List.of(
                "",
                "/",
                "d",
                "/d/",
                "/d/../etc",
                "/d//e",
                "/./d",
                "/d e",
                "/d\n",
                "/d'",
                "/d\"",
                "/d,rw",
                "/d:e",
                "/d*")) {
            refused("s", "192.168.1.5", "h", path);
        }
    }

    @Test
    public void refusesANameThatIsTaken() {
        servers.create(NFS);
        assertEquals(Problem.Kind.CONFLICT, kindOf(() -> servers.create(NFS)));
    }

    @Test
    public void pinsTheHostKeyOfTheFirstContactAndNoOther() {
        servers.create(NFS);
        assertEquals("ssh-ed25519 AAAA", servers.pinHostKey("NFS-server", "ssh-ed25519 AAAA"));
        assertEquals("ssh-ed25519 AAAA", servers.pinHostKey("NFS-server", "ssh-ed25519 BBBB"));
        servers.update(NFS);
        assertNull(servers.find("NFS-server").orElseThrow().hostKey());
    }

    @Test
    public void keepsItsImagesBelowTheExportRoot() {
        servers.create(NFS);
        image("/diskimages/web");
        QrmException refused = assertThrows(
                QrmException.class,
                () -> servers.update(
                        new StorageServer("NFS-server", "nfs", "192.168.1.5", "192.168.1.6", "/diskimages/we", null)));
        assertTrue(refused.getMessage(), refused.getMessage().contains("web"));
        servers.update(new StorageServer("NFS-server", "nfs", "192.168.1.7", "192.168.1.6", "/diskimages", null));
        assertEquals("192.168.1.7", servers.find("NFS-server").orElseThrow().address());
    }

    @Test
    public void isNotDeletedWhileAnImageIsOnIt() {
        servers.create(NFS);
        image("/diskimages/web");
        assertEquals(Problem.Kind.CONFLICT, kindOf(() -> servers.delete("NFS-server")));
        database.change(change -> change.handle().execute("delete from filesystem_image"));
        servers.delete("NFS-server");
        assertEquals(Problem.Kind.NOT_FOUND, kindOf(() -> servers.delete("NFS-server")));
    }

    private void image(String path) {
        database.change(change -> change.handle()
                .execute(
                        "insert into filesystem_image (name, storage_server, path, state, reason, size_bytes,"
                                + " description) values ('web', 'NFS-server', ?, 'READY', '', 0, '')",
                        path));
    }

    private void refused(String name, String address, String management, String root) {
        assertEquals(
                address + " " + management + " " + root,
                Problem.Kind.INVALID,
                kindOf(() -> servers.create(new StorageServer(name, "nfs", address, management, root, null))));
    }

    private static Problem.Kind kindOf(Runnable attempt) {
        return assertThrows(QrmException.class, attempt::run).problem().kind();
    }

    private static final class Probed implements StorageType {
        private RuntimeException failure;

        @Override
        public String name() {
            return "nfs";
        }

        @Override
        public StorageFacts probe(StorageServer server, WorkContext work) {
            if (failure != null) {
                throw failure;
            }
            return new StorageFacts("kernel NFS server", 4711);
        }

        @Override
        public void create(StorageServer server, FilesystemImage image, ImageSource source, WorkContext work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size(StorageServer server, FilesystemImage image, WorkContext work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> list(StorageServer server, WorkContext work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(StorageServer server, FilesystemImage image, WorkContext work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setAccess(
                StorageServer server, FilesystemImage image, List<StorageClient> clients, WorkContext work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mount mount(StorageServer server, FilesystemImage image, boolean writable) {
            throw new UnsupportedOperationException();
        }
    }
}
