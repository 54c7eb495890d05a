package org.qrm.plugin.ipmi.internal;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;
import org.qrm.api.power.PowerState;

/** A BMC on a loopback port: OpenIPMI's ipmi_sim, whose machine is a script with its power in a file. */
public final class IpmiSimulator extends ExternalResource {

    static final String USER = "qrm";
    public static final String PASSWORD = "-s3cret-of-a-BMC";

    private static final Path PROGRAM = Path.of("/usr/bin/ipmi_sim");
    private static final byte[] PING = {6, 0, (byte) 0xff, 6, 0, 0, 0x11, (byte) 0xbe, (byte) 0x80, 0, 0, 0};
    private static final int TRIES = 50;

    private final TemporaryFolder folder = new TemporaryFolder();
    private final boolean hasConsole;
    private SerialLine line;
    private Path directory;
    private int port;
    private Process process;

    public IpmiSimulator() {
        this(true);
    }

    /** @param hasConsole whether it has serial over LAN */
    IpmiSimulator(boolean hasConsole) {
        this.hasConsole = hasConsole;
    }

    @Override
    protected void before() throws IOException, InterruptedException {
        assumeTrue("skipped: there is no " + PROGRAM + " (Debian: openipmi)", Files.isExecutable(PROGRAM));
        assumeTrue(
                "skipped: there is no ipmitool (Debian: ipmitool)",
                Ipmitool.find().isPresent());
        folder.create();
        directory = folder.getRoot().toPath();
        port = freePort();
        line = new SerialLine();
        Files.createDirectory(directory.resolve("state"));
        power("0");
        lose(0);
        dawdle(0);
        ponder("0");
        write("bmc.conf", configuration());
        write("bmc.emu", """
                mc_setbmc 0x20
                mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
                sel_enable 0x20 1000 0x0a
                """ + sensor(1, 0x01, 1, 1, "Inlet Temp", 24) + sensor(2, 0x04, 18, 50, "Fan 1", 120) + """
                sel_add 0x20 0x02 0x00 0x00 0x00 0x00 0x20 0x00 0x04 0x01 0x01 0x01 0x57 0x00 0x00
                mc_enable 0x20
                """);
        write("chassis", chassis());
        Files.setPosixFilePermissions(directory.resolve("chassis"), PosixFilePermissions.fromString("rwx------"));
        start();
    }

    /**
     * A sensor with a value, and its full record (IPMI 2.0, table 43-1).
     *
     * @param type 1: temperature, 4: fan
     * @param unit 1: degrees C, 18: RPM
     * @param factor of the raw value
     */
    private static String sensor(int number, int type, int unit, int factor, String name, int raw) {
        int[] head = {0x20, 0, number, 7, number, 0x7f, 0x68, type, 1, 0, 0, 0, 0, 0x3f, 0x3f, 0, unit, 0, 0, factor};
        int[] tail = {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 0xf0, 0xe0, 0xd0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0 | name.length()
        };
        IntStream body = IntStream.concat(IntStream.concat(IntStream.of(head), IntStream.of(tail)), name.chars());
        String octets = body.mapToObj(each -> "0x" + Integer.toHexString(each)).collect(Collectors.joining(" "));
        String any = " 000111111111111".repeat(4);
        int length = head.length + tail.length + name.length();
        return "sensor_add 0x20 0 " + number + " " + type + " 1\n"
                + "sensor_set_event_support 0x20 0 " + number + " enable scanning per-state" + any + "\n"
                + "sensor_set_value 0x20 0 " + number + " " + raw + " 0\n"
                + "main_sdr_add 0x20 " + number + " 0 0x51 1 " + length + " " + octets + "\n";
    }

    private void start() throws IOException, InterruptedException {
        process = new ProcessBuilder(PROGRAM.toString(), "-c", "bmc.conf", "-f", "bmc.emu", "-s", "state", "-n")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        process.getOutputStream().close();
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            if (answers() && isReady()) {
                return;
            }
        }
        throw new IllegalStateException("ipmi_sim does not answer: " + Files.readString(directory.resolve("output")));
    }

    /** RMCP's presence ping, which is answered before anybody logs in. */
    private boolean answers() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(100);
            socket.send(new DatagramPacket(PING, PING.length, InetAddress.getLoopbackAddress(), port));
            socket.receive(new DatagramPacket(new byte[64], 64));
            return true;
        } catch (SocketTimeoutException notYet) {
            return false;
        }
    }

    /** It answers pings before it knows its users. */
    private boolean isReady() {
        try {
            Bmc bmc = Bmc.of("simulated", answers(Map.of()));
            return PowerSwitch.ask(new Ipmitool(Ipmitool::find), bmc, "await", Duration.ofSeconds(5), 1)
                    == PowerState.OFF;
        } catch (QrmException notYet) {
            return false;
        }
    }

    @Override
    protected void after() {
        if (process != null) {
            end();
        }
        if (line != null) {
            line.close();
        }
        folder.delete();
    }

    /** Takes the BMC's own power. */
    void end() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What an administrator answers about the machine. */
    public Map<String, String> answers(Map<String, String> others) {
        return answers(port, others);
    }

    static Map<String, String> answers(int port, Map<String, String> others) {
        Map<String, String> answers = new HashMap<>(Map.of(
                "address", "127.0.0.1",
                "port", Integer.toString(port),
                "user", USER,
                "password", PASSWORD,
                "privilege", "OPERATOR",
                "cipherSuite", "3",
                "bootFromNetwork", "true",
                "uefi", "false"));
        answers.putAll(others);
        return answers;
    }

    /** Switches it with the machine's own button. */
    void power(String on) throws IOException {
        write("power", on);
        write("wanted", on);
    }

    public String power() throws IOException {
        return Files.readString(directory.resolve("power")).strip();
    }

    /** Ignores so many orders from now on. */
    void lose(int orders) throws IOException {
        write("lose", Integer.toString(orders));
    }

    /** After an order it keeps its power for so many looks. */
    void dawdle(int looks) throws IOException {
        write("dawdle", Integer.toString(looks));
    }

    /** Takes so many seconds for each order, and says nothing meanwhile. */
    void ponder(String seconds) throws IOException {
        write("ponder", seconds);
    }

    /** Knows of no system that could be asked to shut down. */
    void refuseToShutDown() throws IOException {
        write("deaf", "");
    }

    /** The machine's serial line, at the machine. */
    public SerialLine line() {
        return line;
    }

    /** What the machine was told, in order: {@code set boot pxe}, {@code set power 1}. */
    public List<String> orders() throws IOException {
        return lines("orders");
    }

    /** For how many seconds its locator was to be lit, and whether without end: {@code 0 1}. */
    List<String> lights() throws IOException {
        return lines("lights");
    }

    private List<String> lines(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private String configuration() {
        return """
                name "qrm"
                set_working_mc 0x20
                  startlan 1
                    addr 127.0.0.1 %d
                    priv_limit admin
                    allowed_auths_callback none md2 md5 straight
                    allowed_auths_user none md2 md5 straight
                    allowed_auths_operator none md2 md5 straight
                    allowed_auths_admin none md2 md5 straight
                    guid a123456789abcdefa123456789abcdef
                  endlan
                  chassis_control "%s"
                %s
                  user 1 false "" "" user 10 none md2 md5 straight
                  user 2 true "%s" "%s" operator 10 none md2 md5 straight
                """.formatted(
                        port,
                        directory.resolve("chassis"),
                        hasConsole ? "  sol \"tcp:127.0.0.1:" + line.port() + "\" 115200" : "",
                        USER,
                        PASSWORD);
    }

    private String chassis() {
        return """
                #!/bin/sh
                cd '%s' || exit 1
                counts() {
                    n=$(cat "$1")
                    [ "$n" -gt 0 ] && echo $((n - 1)) >"$1"
                }
                case "$1 $2" in
                'get power')
                    counts dawdle || cat wanted >power
                    echo "power:$(cat power)"
                    ;;
                'get boot') echo boot:none ;;
                'set power')
                    sleep "$(cat ponder)"
                    echo "$*" >>orders
                    counts lose || echo "$3" >wanted
                    ;;
                'set boot') echo "$*" >>orders ;;
                'set shutdown')
                    [ -e deaf ] && exit 1
                    echo "$*" >>orders
                    counts lose || echo 0 >wanted
                    ;;
                'set identify') echo $3 $4 >>lights ;;
                esac
                """.formatted(directory);
    }
}
