package org.qrm.core.backup;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class BackupProgramTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path etc;
    private Path data;
    private Path file;
    private BackupProgram program;

    @Before
    public void aServerThatDoesNotRun() throws IOException {
        etc = folder.newFolder("home", "etc").toPath();
        data = folder.newFolder("data").toPath();
        file = folder.newFolder("backups").toPath().resolve("site.qrm");
        Files.writeString(data.resolve("users.properties"), "admin = x,admin");
        program = new BackupProgram(Map.of(
                "QRM_DATA",
                data.toString(),
                "QRM_HOME",
                etc.getParent().toString(),
                "QRM_VERSION",
                "1",
                "QRM_HOST",
                "a-host-that-no-resolver-knows",
                "QRM_ADDRESS",
                "192.0.2.1"));
    }

    @Test
    public void tellsTheHostAlsoWhenItsNameIsKnownNowhere() throws IOException {
        Files.createDirectories(data.resolve("database/seg0"));
        Files.writeString(data.resolve("database/seg0/c10.dat"), "rows");
        program.backup(file);
        try (BackupCheck check = new BackupCheck(file)) {
            assertEquals("a-host-that-no-resolver-knows", check.manifest().get("host"));
            assertEquals(
                    "rows", new String(check.open("data/database/seg0/c10.dat").readAllBytes()));
        }
    }

    /** The setting that leads to it stands in the unit of the server, and not where the backup was asked for. */
    @Test
    public void savesNothingWithoutTheDatabase() throws IOException {
        IOException refused = assertThrows(IOException.class, () -> program.backup(file));
        assertTrue(refused.getMessage(), refused.getMessage().contains("there is no database in " + data));
        assertTrue(refused.getMessage(), refused.getMessage().contains("QRM_DATABASE_URL"));
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** Those of plug-ins stand beside those of the server. */
    @Test
    public void savesTheSettingsAndNothingElseOfTheArchive() throws IOException {
        Files.createDirectories(data.resolve("database"));
        Files.createDirectories(etc.resolve("scripts"));
        for (String name : List.of(
                "qrm.cfg",
                "org.qrm.plugin.dnsmasq.cfg",
                "org.qrm.xen.cfg",
                "org.apache.karaf.shell.cfg",
                "startup.properties",
                "scripts/org.qrm.other.cfg")) {
            Files.writeString(etc.resolve(name), "of = " + name);
        }
        program.backup(file);
        try (BackupCheck check = new BackupCheck(file)) {
            assertEquals(
                    Map.of(
                            "qrm.cfg",
                            "of = qrm.cfg",
                            "org.qrm.plugin.dnsmasq.cfg",
                            "of = org.qrm.plugin.dnsmasq.cfg",
                            "org.qrm.xen.cfg",
                            "of = org.qrm.xen.cfg"),
                    check.settings());
        }
    }

    @Test
    public void tellsWhichSettingsAreOthersHereOrMissing() throws IOException {
        Files.writeString(etc.resolve("qrm.cfg"), "# ours\nQRM_DATA=/d\nQRM_ADDRESS=192.0.2.1\n");
        Files.writeString(etc.resolve("org.qrm.xen.cfg"), "dom0Memory = 512\n");
        Map<String, String> saved = new TreeMap<>(Map.of(
                "org.qrm.plugin.dnsmasq.cfg", "mode = full\n",
                "org.qrm.plugin.nfs.cfg", "# nothing\n",
                "org.qrm.xen.cfg", "dom0Memory = 1024\n",
                "qrm.cfg", "QRM_ADDRESS=192.0.2.1\nQRM_DATA=/d\n"));
        assertEquals(
                List.of(
                        "Its etc/org.qrm.plugin.dnsmasq.cfg is not here. It is shown by: unzip -p " + file
                                + " settings/org.qrm.plugin.dnsmasq.cfg",
                        "Its etc/org.qrm.xen.cfg says something else than the one here, which stays. It is shown by: unzip -p "
                                + file + " settings/org.qrm.xen.cfg"),
                program.otherSettings(file, saved));
    }

    /** As of the package's user, whose home it is. */
    @Test
    public void isNoPartOfWhatItSaves() throws IOException {
        Files.createDirectories(data.resolve("database"));
        Path inside = Files.createDirectories(data.resolve("backups"));
        Path link = Files.createSymbolicLink(file.resolveSibling("link"), inside);
        for (Path folder : List.of(data, inside, link)) {
            IOException refused = assertThrows(IOException.class, () -> program.backup(folder.resolve("site.qrm")));
            assertTrue(refused.getMessage(), refused.getMessage().contains("it would be part of what it saves"));
        }
        try (Stream<Path> left = Files.list(inside)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
