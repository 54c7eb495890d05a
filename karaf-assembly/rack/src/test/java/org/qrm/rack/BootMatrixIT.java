package org.qrm.rack;

import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * A machine with a BIOS and one with UEFI, at the same time, through what happens at a boot: each ends in the idle environment, or in its own
 * disk, and nowhere else. {@link XenIT} and {@link XenFaultsIT} make hosts of such machines.
 */
public class BootMatrixIT {

    private static final String[] MACHINES = {"52:54:00:aa:00:01", "52:54:00:aa:00:02"};
    private static final String[] FIRMWARE = {"bios", "uefi"};
    private static final int SLOW = 15;

    private static final String OF_THE_DISK = "started from the disk";

    /** A boot sector that writes the text behind it to the first serial port, and halts. */
    private static final byte[] CODE = HexFormat.of().parseHex("fa31c08ed8be167cac84c07406baf803eeebf5f4ebfd");

    private static Rack rack;
    private static Server server;

    @BeforeClass
    public static void bringUp() throws Exception {
        Path work = Path.of(System.getProperty("work"), "matrix");
        rack = new Rack(work, 2);
        server = new Server(rack, work);
        server.configureDhcp();
        server.start();
    }

    @AfterClass
    public static void takeDown() throws Exception {
        if (rack != null) {
            rack.close();
        }
    }

    /** A disk of 16 GiB, as the rack makes it, whose first sector is a boot sector. */
    private static void loaderOfTheBios() throws IOException {
        ByteBuffer sector = ByteBuffer.allocate(512);
        sector.put(CODE).put((OF_THE_DISK + "\r\n\0").getBytes(StandardCharsets.US_ASCII));
        sector.put(510, (byte) 0x55).put(511, (byte) 0xaa).rewind();
        Path disk = Files.createDirectories(folder(1)).resolve("sata");
        try (FileChannel file = FileChannel.open(disk, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(sector);
        }
    }

    /** QRM's own loader, where a system would have its own: it says from where it was started. */
    private static void loaderOfUefi() throws IOException {
        Path loader = Path.of(System.getProperty("node.build")).resolveSibling("target/boot/tftp/grubnet.efi");
        Path disk = Files.createDirectories(folder(2).resolve("esp/EFI/BOOT"));
        Files.copy(loader, disk.resolve("BOOTX64.EFI"));
    }

    private static Path folder(int machine) {
        return Path.of("/var/lib/qrm-rack", Rack.NAME, "machines", String.valueOf(machine));
    }

    @Test
    public void theyBecomeIdleAfterAServerThatWasAwayWhenTheyAskedAndThatWasKilledWhenTheyLoaded() throws Exception {
        for (int machine = 1; machine <= MACHINES.length; machine++) {
            switchOn(machine);
            theLoaderAsks();
            server.kill();
            long unheard = unheard();
            Rack.until("machine " + machine + " asks again, and finds nobody", SLOW, () -> unheard() > unheard);
            assertFalse(rack.run("console", String.valueOf(machine)).contains("registered as resource"));
            server.start();
            registers(machine);
            idle(MACHINES[machine - 1]);
            // it would be taken for the next one
            rack.power("off", machine);
        }
    }

    @Test
    public void theyStartTheirOwnDisksAndComeBackFromThere() throws Exception {
        for (int machine = 1; machine <= MACHINES.length; machine++) {
            rack.power("off", machine);
        }
        loaderOfTheBios();
        loaderOfUefi();
        for (int machine = 1; machine <= MACHINES.length; machine++) {
            switchOn(machine);
            registers(machine);
            idle(MACHINES[machine - 1]);
            server.qrm("resource", "local-boot", MACHINES[machine - 1]);
            String number = String.valueOf(machine);
            Rack.until("machine " + machine + " starts its disk", SLOW, () -> {
                String told = rack.run("console", number);
                return told.contains(OF_THE_DISK) || told.contains("File(BOOTX64.EFI)");
            });
            server.qrm("resource", "resume", MACHINES[machine - 1]);
            switchOn(machine);
            registers(machine);
            idle(MACHINES[machine - 1]);
        }
        noLoaders();
    }

    /** Firmware whose network boot comes to nothing starts what else there is, and that is its own business. */
    private static void noLoaders() throws IOException {
        for (int machine = 1; machine <= MACHINES.length; machine++) {
            rack.power("off", machine);
        }
        Files.delete(folder(1).resolve("sata"));
        Files.move(folder(2).resolve("esp"), folder(2).resolve("esp-before"));
    }

    private static void switchOn(int machine) throws IOException {
        rack.power("off", machine);
        rack.power("on", machine, "--firmware", FIRMWARE[machine - 1], "--memory", "1024");
    }

    private static void theLoaderAsks() throws Exception {
        Rack.until("the boot loader loads over HTTP", SLOW, () -> server.isLoadedFrom());
    }

    /**
     * How often somebody spoke to a port at which nobody listens: the loader over HTTP, or, once it has started the machine over, firmware
     * that asks for an address (proc(5): "OutRsts" of TCP, "NoPorts" and "IgnoredMulti" of UDP).
     */
    private static long unheard() throws IOException {
        List<String> figures =
                rack.exec("server", "cat", "/proc/net/snmp").lines().toList();
        return figure(figures, "Tcp: ", "OutRsts")
                + figure(figures, "Udp: ", "NoPorts")
                + figure(figures, "Udp: ", "IgnoredMulti");
    }

    private static long figure(List<String> figures, String protocol, String name) {
        List<String[]> two = figures.stream()
                .filter(line -> line.startsWith(protocol))
                .map(line -> line.split(" "))
                .toList();
        return Long.parseLong(two.get(1)[List.of(two.get(0)).indexOf(name)]);
    }

    private static void registers(int machine) throws Exception {
        Rack.until(
                "machine " + machine + " registers",
                SLOW,
                () -> rack.run("console", String.valueOf(machine)).contains("registered as resource"));
    }

    private static void idle(String mac) throws Exception {
        server.await(
                mac + " is idle",
                "/resources/" + mac,
                machine -> machine.get("state").asText().equals("idle"));
    }
}
