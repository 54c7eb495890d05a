package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.ExternalResource;
import org.junit.rules.RuleChain;

/** A machine without a BMC, in a network of its own, where what it would be woken by is heard. */
public class WakeOnLanIT {

    private static final String SECURE_ON = "00:de:ad:be:ef:01";

    private static final Cable CABLE = new Cable();
    private static final ServerProcess SERVER = new ServerProcess();
    private static final SwitchedMachine MACHINE = new SwitchedMachine(SERVER, "wake-on-lan");

    @ClassRule
    public static final RuleChain ALL =
            RuleChain.outerRule(CABLE).around(SERVER).around(MACHINE);

    @Test
    public void isWokenByTheNetworkThatItIsIn() throws Exception {
        JsonNode wrong = MACHINE.wrong(Map.of("interface", "nosuch0", "secureOn", "secret"));
        assertTrue(wrong.toString(), wrong.get("interface").asText().contains(CABLE.here));
        assertTrue(wrong.toString(), wrong.has("secureOn"));

        MACHINE.answer(Map.of("interface", CABLE.here, "secureOn", SECURE_ON));
        assertEquals("nobody tells", "unknown", MACHINE.power());
        JsonNode done = MACHINE.switchOn();
        assertEquals(done.toString(), "done", done.get("state").asText());
        assertEquals("ff".repeat(6) + "025151000001".repeat(16) + SECURE_ON.replace(":", ""), CABLE.heard());
        MACHINE.assertIsToldToNobody(SECURE_ON);

        CABLE.cut();
        JsonNode failed = MACHINE.switchOn();
        assertEquals("failed", failed.get("state").asText());
        assertTrue(
                failed.toString(),
                failed.get("reason").asText().contains(CABLE.here + " is down, has no IPv4 network, or is not there"));
    }

    /** From an interface of this host into a network namespace where somebody listens. */
    private static final class Cable extends ExternalResource {
        private final String namespace = "qrm-wol-" + ProcessHandle.current().pid();
        private final String here = "qw" + ProcessHandle.current().pid();
        private Process listener;
        private BufferedReader heard;

        @Override
        protected void before() throws Throwable {
            assumeTrue("skipped: only root can make network namespaces", ip("netns", "add", namespace) == 0);
            try {
                must("link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", namespace);
                must("address", "add", "10.89.77.1/24", "dev", here, "broadcast", "+");
                must("link", "set", here, "up");
                must("-n", namespace, "address", "add", "10.89.77.2/24", "dev", "eth0", "broadcast", "+");
                must("-n", namespace, "link", "set", "eth0", "up");
                listen();
            } catch (Throwable failure) {
                after();
                throw failure;
            }
        }

        @Override
        protected void after() {
            if (listener != null) {
                listener.destroyForcibly()
                        .onExit()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
            }
            cut();
            ip("netns", "del", namespace);
        }

        void cut() {
            ip("link", "del", here);
        }

        /** The next packet, in hexadecimal digits. */
        String heard() throws IOException {
            return heard.readLine();
        }

        private void listen() throws IOException {
            listener = new ProcessBuilder(
                            "ip",
                            "netns",
                            "exec",
                            namespace,
                            System.getProperty("java.home") + "/bin/java",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Listener.class.getName())
                    .redirectErrorStream(true)
                    .start();
            heard = new BufferedReader(new InputStreamReader(listener.getInputStream(), StandardCharsets.US_ASCII));
            assertEquals("listening", heard.readLine());
        }

        private static void must(String... words) {
            assertEquals("ip " + String.join(" ", words), 0, ip(words));
        }

        private static int ip(String... words) {
            try {
                List<String> command = new ArrayList<>(List.of("ip"));
                command.addAll(Arrays.asList(words));
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return process.waitFor();
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    /** Prints what comes to the port that is for throwing away. */
    static final class Listener {
        /** If nobody ends it, it ends. */
        private static final int MOST_SILENCE_MILLIS = 300_000;

        public static void main(String[] arguments) throws IOException {
            try (DatagramSocket socket = new DatagramSocket(9)) {
                socket.setSoTimeout(MOST_SILENCE_MILLIS);
                System.out.println("listening");
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                    socket.receive(packet);
                    System.out.println(HexFormat.of().formatHex(packet.getData(), 0, packet.getLength()));
                }
            }
        }
    }
}
