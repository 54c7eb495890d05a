package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;
import org.qrm.api.exec.MachineEndpoints;
import org.qrm.api.server.ServerSettings;
import org.qrm.exec.internal.SshRemoteCommands;
import org.qrm.testkit.Played;
import org.qrm.testkit.TestWork;

/** Against a real OpenSSH server, in whose name space /boot and /lib/modules are a test's. */
public class SourceSystemTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @ClassRule
    public static final SourceHost HOST = new SourceHost();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private SshRemoteCommands commands;
    private SourceSystem source;

    /** Settings of which only the data directory matters here. */
    public final class Settings {
        public Path dataDirectory() {
            return folder.getRoot().toPath();
        }
    }

    @Before
    public void connect() throws Exception {
        commands = new SshRemoteCommands(
                Played.by(ServerSettings.class, new Settings()), Played.by(MachineEndpoints.class, new Object()));
        HOST.letIn(commands.authorizedKey());
        source = new SourceSystem(commands, HOST.host());
    }

    @After
    public void disconnect() {
        if (commands != null) {
            commands.stop();
        }
    }

    @Test
    public void seesWhatTheSourceSystemHas() {
        SourceInventory inventory = source.inspect(LONG);
        assertEquals(List.of("xen-4.9-amd64.gz", "xen-4.17-amd64.gz"), inventory.hypervisors());
        assertEquals(
                List.of(
                        new SourceInventory.Kernel("6.1.0-9-amd64", "yes", true, "/boot/vmlinuz-6.1.0-9-amd64"),
                        new SourceInventory.Kernel("6.1.0-40-amd64", "yes", true, "/boot/vmlinuz-6.1.0-40-amd64"),
                        new SourceInventory.Kernel(
                                "6.1.0-41-cloud-amd64", "no", false, "/boot/vmlinuz-6.1.0-41-cloud-amd64")),
                inventory.kernels());
        assertEquals(Optional.of("6.1.0-40-amd64"), inventory.kernel());
        assertTrue(inventory.usedBytes() > 0);
    }

    @Test
    public void fetchesAFileAsItIs() throws Exception {
        try (InputStream in = source.open("/boot/xen-4.17-amd64.gz", LONG)) {
            assertEquals("newer", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    public void doesNotTakeAFileThatIsNotThereForAnEmptyOne() {
        QrmException failed = assertThrows(QrmException.class, () -> {
            try (InputStream in = source.open("/boot/nothing", LONG)) {
                in.readAllBytes();
            }
        });
        assertTrue(failed.getMessage(), failed.getMessage().contains("/boot/nothing"));
    }

    @Test
    public void doesNotTakeAFileThatAStartUpFileAppendsTo() throws Exception {
        HOST.letIn("command=\"eval \\\"$SSH_ORIGINAL_COMMAND\\\"; s=$?; echo Goodbye; exit $s\" "
                + commands.authorizedKey());
        QrmException failed = assertThrows(QrmException.class, () -> {
            try (InputStream in = source.open("/boot/xen-4.17-amd64.gz", LONG)) {
                in.readAllBytes();
            }
        });
        assertTrue(failed.getMessage(), failed.getMessage().contains("what arrived has the SHA-256"));
    }

    @Test
    public void takesAFileAsItIsThoughTheLoginShellGreets() throws Exception {
        HOST.letIn("command=\"echo Welcome to node src1; eval \\\"$SSH_ORIGINAL_COMMAND\\\"\" "
                + commands.authorizedKey());
        fetchesAFileAsItIs();
        seesWhatTheSourceSystemHas();
    }

    @Test
    public void unpacksModulesHoweverTheyAreCompressed() throws Exception {
        byte[] archive = new DomainZeroInitrd(source, "6.1.0-40-amd64").modules(new TestWork());
        Path unpacked = folder.newFolder("unpacked").toPath();
        Process cpio = new ProcessBuilder("cpio", "-i", "-d", "--quiet")
                .directory(unpacked.toFile())
                .start();
        try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(archive));
                var out = cpio.getOutputStream()) {
            in.transferTo(out);
        }
        assertEquals(0, cpio.waitFor());
        Path modules = unpacked.resolve("lib/modules/6.1.0-40-amd64");
        List<String> contents = new ArrayList<>();
        for (String module : List.of("nfs", "overlay", "e1000", "igb")) {
            contents.add(Files.readString(modules.resolve("kernel/" + module + ".ko")));
        }
        assertEquals(List.of("nfs", "overlay", "e1000", "igb"), contents);
        assertFalse(Files.exists(modules.resolve("kernel/drm.ko")));
        assertTrue(Files.readString(modules.resolve("modules.dep")).contains("kernel/overlay.ko:\n"));
    }
}
