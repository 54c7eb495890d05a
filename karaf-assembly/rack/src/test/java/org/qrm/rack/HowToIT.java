package org.qrm.rack;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The lines of the how-to, typed as they stand there: its user, its menus, its addresses. {@link XenIT} goes on from there. */
public class HowToIT {

    private static final Map<String, String> NETWORK = Map.of(
            "RACK_NETWORK", "192.168.1",
            "RACK_STORAGE_ADDRESS", "192.168.1.5",
            "RACK_STORAGE_MANAGEMENT_ADDRESS", "192.168.1.6");

    /** Question, as it begins, and answer. */
    private static final List<String[]> ANSWERS = List.of(
            new String[] {"Source system IP address", "192.168.1.10"},
            new String[] {"Storage server name", "NFS-server"},
            new String[] {"Storage server path", "/diskimages/Xen_image_1_0"},
            new String[] {"Storage server IP address", "192.168.1.5"},
            new String[] {"Storage server management IP address", "192.168.1.6"},
            new String[] {"Storage server type", "NFS"},
            new String[] {"Default gateway", "192.168.1.1"});

    private Rack rack;
    private Path home;
    private Path data;
    private String password;

    @Before
    public void aServerWhoseFirstAdministratorIsCalledAsInTheHowTo() throws Exception {
        Path work = Path.of(System.getProperty("work"), "HowToIT");
        rack = new Rack(work, NETWORK, 0, "--source", "xen");
        home = Server.unpacked(work);
        Server.shareFileSystems(home);
        data = work.resolve("data");
        Files.writeString(
                home.resolve("etc/qrm.cfg"), "QRM_ADDRESS=192.168.1.1\nQRM_DATA=" + data + "\nQRM_ADMIN_USER=qrm\n");
        String started = line("./bin/qrm-server start");
        assertTrue(started, started.contains("console: ssh -p 8101 qrm@192.168.1.1"));
        assertTrue(started, started.contains("The password of qrm is in " + data.resolve("initial-password")));
        password = "words of the how-to";
        line("echo '" + password + "' | ./bin/qrm user password qrm");
    }

    @After
    public void takeDown() throws IOException {
        if (rack != null) {
            rack.close();
        }
    }

    @Test
    public void theLinesOfTheHowToMakeTheXenPlugin() throws Exception {
        line("./bin/qrm-plugin -u qrm -p '" + password + "' xen register");
        letTheServerIn();
        theStorageServerLacksTheDirectory();
        makeTheDirectory();
        configure();
        String installed = line("./bin/qrm-plugin -u qrm -p '" + password + "' xen install");
        assertTrue(installed, installed.contains("MiB in"));
        line("./bin/qrm-plugin -u qrm -p '" + password + "' xen run_once");
        assertMade();
    }

    private void configure() throws Exception {
        try (Keys keys = new Keys(rack, home, "./qrm-configurator")) {
            logIn(keys);
            keys.shows("pluginconf").shows("> ").type("basic");
            keys.shows("etc/qrm.cfg").shows("> ").type("plugin");
            keys.shows("xen").shows("registered").shows("> ").type("xen");
            keys.shows("Plug-in xen is registered").shows("> ").type("q");
            keys.shows("pluginconf").shows("> ").type("pluginconf");
            keys.shows("xen").shows("> ").type("Xen");
            answer(keys);
            keys.shows("Plug-in xen is configured.").shows("> ").type("q");
            assertEquals(keys.toString(), 0, keys.ended());
        }
    }

    private void logIn(Keys keys) throws Exception {
        keys.shows("Password of qrm").shows(": ").type(password);
    }

    private static void answer(Keys keys) throws Exception {
        for (String[] each : ANSWERS) {
            keys.shows(each[0]).shows(": ").type(each[1]);
        }
    }

    /** Its error stands at the path, which is asked for again; one leaves, and nothing is lost. */
    private void theStorageServerLacksTheDirectory() throws Exception {
        try (Keys keys = new Keys(rack, home, "./qrm-configurator")) {
            logIn(keys);
            keys.shows("> ").type("pluginconf").shows("> ").type("xen");
            answer(keys);
            keys.shows("storageServerPath: 192.168.1.6: there is no directory /diskimages.");
            keys.shows("Storage server path").shows("(not /diskimages/Xen_image_1_0; = tries it again): ");
            keys.type("q").shows("The answers are kept").shows("> ").type("q");
            assertEquals(keys.toString(), 2, keys.ended());
            assertFalse(keys.toString(), keys.toString().contains("storageServerManagementAddress:"));
        }
    }

    /** What an administrator does with the line that the wizard shows. */
    private void letTheServerIn() throws Exception {
        Path key = data.resolve("id.pub");
        line("ssh-keygen -y -f '" + data.resolve("exec/id_ecdsa") + "' > '" + key + "'");
        rack.run("authorize", "source", key.toString());
        rack.run("authorize", "storage", key.toString());
    }

    /** Below /export, since the root of the rack's storage server is no file system that can be exported. */
    private void makeTheDirectory() throws IOException {
        rack.exec("storage", "sh", "-ec", "mkdir /export/images /diskimages; mount --bind /export/images /diskimages");
    }

    private void assertMade() throws IOException {
        String boot = line("QRM_PASSWORD='" + password + "' ./bin/qrm -o json boot-image show Xen_kernel_1_0");
        assertTrue(boot, boot.contains("multiboot"));
        String server = line("QRM_PASSWORD='" + password + "' ./bin/qrm -o json storage-server show NFS-server");
        assertTrue(server, server.contains("192.168.1.5") && server.contains("192.168.1.6"));
        String image = line("QRM_PASSWORD='" + password + "' ./bin/qrm -o json filesystem-image show Xen_image_1_0");
        assertTrue(image, image.contains("ready") && image.contains("/diskimages/Xen_image_1_0"));
        assertTrue(Files.exists(Rack.storage("images/Xen_image_1_0/etc/debian_version")));
        String plugin = line("QRM_PASSWORD='" + password + "' ./bin/qrm -o json plugin show xen");
        assertTrue(plugin, plugin.contains("active"));
    }

    /** A line at a shell in the unpacked folder, which must succeed; answers what it printed. */
    private String line(String line) throws IOException {
        return rack.exec("server", "sh", "-c", "cd '" + home + "' && " + line);
    }
}
