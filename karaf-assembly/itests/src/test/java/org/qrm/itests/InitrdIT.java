package org.qrm.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code bin/qrm-initrd} of the unpacked archive. */
public class InitrdIT {

    private static final String CERTIFICATE =
            "-----BEGIN CERTIFICATE-----\nbm90IHJlYWxseQ==\n-----END CERTIFICATE-----\n";
    private static final int HEADER = 110;

    /** A file or directory of a cpio archive. */
    private record Entry(String name, int mode, byte[] content) {}

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path authority;
    private Path output;

    @Before
    public void names() throws IOException {
        authority = Files.writeString(folder.getRoot().toPath().resolve("ca.pem"), CERTIFICATE);
        output = folder.getRoot().toPath().resolve("baked.img");
    }

    @Test
    public void theCertificateStandsBehindTheIdleEnvironmentsInitrd() throws Exception {
        assertEquals(0, bake(authority, output));
        byte[] initrd = Files.readAllBytes(UnpackedDistribution.home().resolve("boot/idle/initrd.img"));
        assertBaked(initrd);
    }

    @Test
    public void theCertificateStandsAtAMultipleOfFourBytesBehindAnyInitrd() throws Exception {
        for (int size = 1; size <= 4; size++) {
            byte[] initrd = new byte[size];
            Arrays.fill(initrd, (byte) 'x');
            Path own = Files.write(folder.getRoot().toPath().resolve("own.img"), initrd);
            assertEquals(0, bake(authority, output, own));
            assertBaked(initrd);
        }
    }

    @Test
    public void whatIsNotOneCertificateIsRefused() throws Exception {
        for (String text : List.of(
                "",
                "certificate",
                CERTIFICATE + CERTIFICATE,
                CERTIFICATE + "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n")) {
            Files.writeString(authority, text);
            assertEquals(text, 1, bake(authority, output));
            assertFalse(text, Files.exists(output));
        }
        Files.delete(authority);
        assertEquals(1, bake(authority, output));
    }

    @Test
    public void theInitrdThatIsBuiltUponStays() throws Exception {
        Path own = Files.writeString(folder.getRoot().toPath().resolve("own.img"), "initrd");
        assertEquals(2, bake(authority, own, own));
        assertEquals("initrd", Files.readString(own));
    }

    @Test
    public void theCertificateIsAnArchiveByItself() throws Exception {
        assertEquals(0, run("--authority", authority.toString(), output.toString()));
        assertCertificate(entries(Files.readAllBytes(output), 0));
        Files.writeString(authority, CERTIFICATE + CERTIFICATE);
        assertEquals(1, run("--authority", authority.toString(), output.toString()));
        assertEquals(2, run("--authority", authority.toString()));
        assertEquals(2, run("--nothing", authority.toString(), output.toString()));
    }

    @Test
    public void firmwareIsPackedAsTheKernelLooksForIt() throws Exception {
        Path cards = folder.newFolder("cards", "bnx2x").toPath().getParent();
        Files.writeString(cards.resolve("bnx2x/bnx2x-e2-7.13.21.0.fw"), "firmware");
        Files.createSymbolicLink(cards.resolve("bnx2x/e2.fw"), Path.of("bnx2x-e2-7.13.21.0.fw"));
        Files.createSymbolicLink(cards.resolve("qed"), cards.resolve("bnx2x"));
        Files.writeString(cards.resolve("a name with blanks "), "");
        assertEquals(0, run("--firmware", cards.toString(), output.toString()));
        List<Entry> entries = entries(Files.readAllBytes(output), 0);
        assertEquals(
                List.of(
                        "lib",
                        "lib/firmware",
                        "lib/firmware/a name with blanks ",
                        "lib/firmware/bnx2x",
                        "lib/firmware/bnx2x/bnx2x-e2-7.13.21.0.fw",
                        "lib/firmware/bnx2x/e2.fw",
                        "lib/firmware/qed",
                        "lib/firmware/qed/bnx2x-e2-7.13.21.0.fw",
                        "lib/firmware/qed/e2.fw",
                        "TRAILER!!!"),
                entries.stream().map(Entry::name).toList());
        for (Entry each : entries.subList(0, entries.size() - 1)) {
            boolean firmware = each.name().endsWith(".fw");
            boolean file = firmware || each.name().endsWith(" ");
            assertEquals(each.name(), file ? 0100644 : 0040755, each.mode());
            assertEquals(
                    each.name(), firmware ? "firmware" : "", new String(each.content(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    public void firmwareThatCannotBePackedIsRefused() throws Exception {
        Path cards = folder.newFolder("cards").toPath();
        assertEquals(1, run("--firmware", cards.toString(), output.toString()));
        Path link = Files.createSymbolicLink(cards.resolve("e2.fw"), Path.of("nowhere"));
        assertEquals(1, run("--firmware", cards.toString(), output.toString()));
        Files.delete(link);
        try (RandomAccessFile much =
                new RandomAccessFile(cards.resolve("much.fw").toFile(), "rw")) {
            much.setLength(64L << 20);
        }
        assertEquals(1, run("--firmware", cards.toString(), output.toString()));
        assertEquals(1, run("--firmware", cards.resolve("elsewhere").toString(), output.toString()));
        assertEquals(2, run("--firmware", cards.toString()));
        assertFalse(Files.exists(output));
    }

    private void assertBaked(byte[] initrd) throws IOException {
        byte[] all = Files.readAllBytes(output);
        assertArrayEquals(initrd, Arrays.copyOf(all, initrd.length));
        assertCertificate(entries(all, up(initrd.length)));
    }

    private static void assertCertificate(List<Entry> entries) {
        assertEquals(
                List.of("etc", "etc/qrm", "etc/qrm/ca.pem", "TRAILER!!!"),
                entries.stream().map(Entry::name).toList());
        assertEquals(0040755, entries.get(1).mode());
        assertEquals(0100644, entries.get(2).mode());
        assertEquals(CERTIFICATE, new String(entries.get(2).content(), StandardCharsets.US_ASCII));
    }

    /** The form that cpio(5) calls newc. */
    private static List<Entry> entries(byte[] archive, int start) {
        List<Entry> entries = new ArrayList<>();
        int at = start;
        while (at < archive.length) {
            String head = new String(archive, at, HEADER, StandardCharsets.US_ASCII);
            assertTrue(head, head.matches("070701[0-9A-F]{104}"));
            int size = Integer.parseInt(head.substring(54, 62), 16);
            int nameSize = Integer.parseInt(head.substring(94, 102), 16);
            String name = new String(archive, at + HEADER, nameSize - 1, StandardCharsets.US_ASCII);
            assertEquals(name, 0, archive[at + HEADER + nameSize - 1]);
            int content = up(at + HEADER + nameSize);
            entries.add(new Entry(
                    name,
                    Integer.parseInt(head.substring(14, 22), 16),
                    Arrays.copyOfRange(archive, content, content + size)));
            at = up(content + size);
        }
        return entries;
    }

    private static int up(int position) {
        return (position + 3) / 4 * 4;
    }

    private static int bake(Path... arguments) throws IOException, InterruptedException {
        return run(Arrays.stream(arguments).map(Path::toString).toArray(String[]::new));
    }

    private static int run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(UnpackedDistribution.home().resolve("bin/qrm-initrd").toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
