package org.qrm.rack;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/**
 * A rack of two machines with a fresh server for the tests of a class, and the image {@code web}. Each test begins and ends with both
 * machines idle; commands are those that an administrator types.
 */
public abstract class BareSite {

    static final String FIRST = "52:54:00:aa:00:01";
    static final String SECOND = "52:54:00:aa:00:02";
    /** Says on the console and in the image that the image was booted. */
    private static final String MARK = "[Unit]\nDescription=Mark a boot\n[Service]\nType=oneshot\n"
            + "ExecStart=/bin/sh -c 'boot=$(cat /proc/sys/kernel/random/boot_id); "
            + "echo $boot >/var/marks/$boot; echo \"MARK $(cat /var/marks/*)\" >/dev/console'\n"
            + "[Install]\nWantedBy=multi-user.target\n";

    static Rack rack;
    static Server server;

    @Rule
    public final TestWatcher times = new TestWatcher() {
        private long began;

        @Override
        protected void starting(Description test) {
            began = System.nanoTime();
        }

        @Override
        protected void finished(Description test) {
            System.out.printf("%s took %d s%n", test.getMethodName(), (System.nanoTime() - began) / 1_000_000_000);
        }
    };

    /** @param name of its folder */
    static void bringUp(String name) throws Exception {
        Path work = Path.of(System.getProperty("work"), name);
        rack = new Rack(work, 2);
        server = new Server(rack, work);
        server.configureDhcp();
        server.start();
        server.installKey();
        server.createStorageServer();
        image("web", "debian");
    }

    @AfterClass
    public static void takeDown() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    /** Whatever the test before left, also when it failed. */
    @Before
    public void bothAreIdle() throws Exception {
        for (JsonNode environment : server.get("/virtual-environments").get("items")) {
            String name = environment.get("name").asText();
            if (!environment.get("resources").isEmpty()) {
                server.qrm("ve", "stop", name, "--force", "--wait");
            }
            server.qrm("ve", "delete", name);
        }
        rack.power("on", 1);
        rack.power("on", 2);
        server.await(
                "both machines are idle",
                "/resources?state=idle",
                list -> list.get("items").size() == 2);
    }

    static void image(String name) throws Exception {
        imageOf("debian.tar", name);
    }

    /** @param system one of the rack's root file systems, which stays on the storage server as an archive */
    static void image(String name, String system) throws Exception {
        rack.exec("storage", "sh", "-c", "rm -f /export/" + system + ".tar");
        Files.copy(rack.image(system), Rack.storage(system + ".tar"));
        imageOf(system + ".tar", name);
    }

    private static void imageOf(String archive, String name) throws Exception {
        server.createImage(name, archive);
        unit(name, "marks", "mark", MARK);
    }

    /** One that is started in that image, and a folder below {@code /var} that it writes to. */
    static void unit(String image, String folder, String name, String text) throws Exception {
        Path root = Rack.storage(image);
        Files.createDirectories(root.resolve("var").resolve(folder));
        Files.writeString(root.resolve("etc/systemd/system/" + name + ".service"), text);
        Path wants = Files.createDirectories(root.resolve("etc/systemd/system/multi-user.target.wants"));
        Files.createSymbolicLink(wants.resolve(name + ".service"), Path.of("/etc/systemd/system/" + name + ".service"));
    }

    static int marks(String image) throws Exception {
        return Integer.parseInt(rack.exec("storage", "sh", "-c", "ls /export/" + image + "/var/marks | wc -l")
                .strip());
    }

    /** Clients in the export files, all together. */
    static String exports() throws Exception {
        return rack.exec(
                        "storage",
                        "sh",
                        "-c",
                        "cat /etc/ganesha/exports.d/* 2>/dev/null | grep -o 'Clients = [0-9.]*' || true")
                .strip();
    }

    static JsonNode resource(String mac) throws Exception {
        return server.get("/resources/" + mac);
    }

    static Predicate<JsonNode> state(String state) {
        return node -> node.path("state").asText().equals(state);
    }
}
