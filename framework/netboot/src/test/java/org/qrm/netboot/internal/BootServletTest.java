package org.qrm.netboot.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.qrm.netboot.internal.NetbootServer.text;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;
import org.qrm.api.resource.MacAddress;

public class BootServletTest {

    private static final String KERNEL = "/boot/images/default/vmlinuz";
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private final TemporaryFolder folder = new TemporaryFolder();
    private final NetbootServer server = new NetbootServer(folder);
    private final byte[] kernel = new byte[3_000_000];

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(server);

    @Before
    public void addKernel() throws Exception {
        new Random(1).nextBytes(kernel);
        Path content = folder.newFile("content").toPath();
        Files.write(content, kernel);
        server.images.add("default", new BootFile("vmlinuz", BootFile.Role.KERNEL, kernel.length, DIGEST), content);
    }

    @Test
    public void tellsOfAMachineWhoseBootLoaderCanNotBeAnswered() throws Exception {
        server.nodes.order = new BootOrder(
                new BootConfiguration("default", Loader.LINUX, List.of(new BootModule("vmlinuz", List.of(), true))),
                List.of("odd parameter"));
        for (String path : List.of("pxelinux.cfg/01-52-54-00-aa-00-01", "grub.cfg/52:54:00:aa:00:01")) {
            assertEquals(500, server.get("/boot/" + path).statusCode());
            String told = server.nodes.unbootable.poll(10, TimeUnit.SECONDS);
            assertTrue(told, told.startsWith("52:54:00:aa:00:01 ") && told.contains("odd parameter"));
        }
    }

    @Test
    public void tellsPxelinuxWhatToBoot() throws Exception {
        HttpResponse<byte[]> answer = server.get("/boot/pxelinux.cfg/01-52-54-00-AA-00-01");
        assertEquals(200, answer.statusCode());
        assertTrue(
                text(answer),
                text(answer)
                        .contains("  KERNEL http://127.0.0.1:" + server.httpPort() + "/boot/images/default/vmlinuz\n"));
        assertTrue(text(answer).contains(" qrm.mac=52:54:00:aa:00:01 "));
        assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
    }

    @Test
    public void letsALoaderAskAgainThatIsNotToBootNow() throws Exception {
        server.nodes.failure = QrmException.conflict("boot", "", "it is up", "Wait.");
        HttpResponse<byte[]> pxelinux = server.get("/boot/pxelinux.cfg/01-52-54-00-aa-00-01");
        assertEquals("a refusal would end PXELINUX", 200, pxelinux.statusCode());
        assertTrue(
                text(pxelinux),
                text(pxelinux)
                        .endsWith("DEFAULT again\nPROMPT 1\nTIMEOUT 100\nLABEL again\n  CONFIG http://127.0.0.1:"
                                + server.httpPort() + "/boot/pxelinux.cfg/01-52-54-00-aa-00-01\n"));
        for (String loader : List.of("grub.cfg", "configuration")) {
            HttpResponse<byte[]> answer = server.get("/boot/" + loader + "/52:54:00:aa:00:01");
            assertEquals(409, answer.statusCode());
            assertTrue(answer.headers().firstValue("Retry-After").isPresent());
            assertTrue(text(answer), text(answer).contains("it is up"));
        }
    }

    @Test
    public void tellsGrubWhatToBoot() throws Exception {
        HttpResponse<byte[]> answer = server.get("/boot/grub.cfg/52:54:00:aa:00:01");
        assertEquals(200, answer.statusCode());
        assertTrue(text(answer), text(answer).startsWith("if linux (http,127.0.0.1:"));
    }

    @Test
    public void givesGrubNothingThatItWouldTakeForTheFile() throws Exception {
        String grub = "GRUB 2.06-13+deb12u2";
        for (String[] refused : new String[][] {
            {"/boot/images/default/initrd.img", ""},
            {"/boot/images/other/vmlinuz", ""},
            {"/boot/grub.cfg/nobody", "echo 'QRM: There is nothing here.'\n"}
        }) {
            HttpResponse<byte[]> answer = server.get(refused[0], "User-Agent", grub);
            assertEquals(refused[0], 404, answer.statusCode());
            assertEquals(refused[0], refused[1], text(answer));
        }
        assertEquals("There is nothing here.\n", text(server.get("/boot/images/default/initrd.img")));
    }

    @Test
    public void answersAHostThatBootsItsPartitionsItself() throws Exception {
        HttpResponse<byte[]> answer = server.get("/boot/configuration/52:54:00:aa:00:01");
        assertEquals(200, answer.statusCode());
        assertTrue(text(answer), text(answer).contains("\nkernel=/boot/images/"));
        assertEquals(404, server.get("/boot/configuration/52-54-00-aa-00-01").statusCode());
    }

    @Test
    public void tellsWhoseKernelIsFetched() throws Exception {
        server.get(KERNEL);
        assertEquals("nobody asked for a configuration before", List.of(), server.nodes.kernels);
        server.get("/boot/configuration/52:54:00:aa:00:01");
        server.get(KERNEL);
        assertEquals(List.of(new MacAddress("52:54:00:aa:00:01")), server.nodes.kernels);
    }

    @Test
    public void knowsNoOtherNamesOfPxelinux() throws Exception {
        for (String name : new String[] {
            "default",
            "0A4D0065",
            "b8945908-d6a6-41a9-611d-74a6ab80b83d",
            "",
            "01-52-54-00-aa-00-0g",
            "20-52-54-00-aa-00-01",
            "01-ff-ff-ff-ff-ff-ff",
            "01-52:54:00:aa:00:01"
        }) {
            assertEquals(name, 404, server.get("/boot/pxelinux.cfg/" + name).statusCode());
        }
        assertTrue(server.nodes.refused.isEmpty());
    }

    @Test
    public void answersNothingOverHttps() throws Exception {
        assertEquals(404, server.getSecure(KERNEL).statusCode());
    }

    @Test
    public void sendsAFileOfABootImage() throws Exception {
        HttpResponse<byte[]> answer = server.get(KERNEL);
        assertEquals(200, answer.statusCode());
        assertArrayEquals(kernel, answer.body());
        assertEquals("\"" + DIGEST + "\"", answer.headers().firstValue("ETag").orElse(""));
    }

    @Test
    public void sendsAStretchOfAFile() throws Exception {
        HttpResponse<byte[]> answer = server.get(KERNEL, "Range", "bytes=1000000-1999999");
        assertEquals(206, answer.statusCode());
        assertEquals(
                "bytes 1000000-1999999/3000000",
                answer.headers().firstValue("Content-Range").orElse(""));
        assertArrayEquals(Arrays.copyOfRange(kernel, 1_000_000, 2_000_000), answer.body());
        assertEquals(416, server.get(KERNEL, "Range", "bytes=3000000-").statusCode());
        assertEquals(
                200,
                server.get(KERNEL, "Range", "bytes=1-2", "If-Range", "\"old\"").statusCode());
    }

    @Test
    public void sendsNothingTwiceToACache() throws Exception {
        HttpResponse<byte[]> answer = server.get(KERNEL, "If-None-Match", "\"x\", \"" + DIGEST + "\"");
        assertEquals(304, answer.statusCode());
        assertEquals(0, answer.body().length);
    }

    @Test
    public void describesAFileToHead() throws Exception {
        String address = "http://127.0.0.1:" + server.httpPort() + KERNEL;
        HttpResponse<byte[]> answer = server.exchange("HEAD", address, null);
        assertEquals(200, answer.statusCode());
        assertEquals("3000000", answer.headers().firstValue("Content-Length").orElse(""));
        assertEquals(405, server.exchange("DELETE", address, null).statusCode());
    }

    @Test
    public void sendsNoFileThatIsNotListed() throws Exception {
        Files.writeString(folder.getRoot().toPath().resolve("secret"), "secret");
        for (String path : new String[] {
            "/boot/images/default/secret",
            "/boot/images/default/",
            "/boot/images/default",
            "/boot/images//vmlinuz",
            "/boot/images/other/vmlinuz",
            "/boot/",
            "/boot/content"
        }) {
            assertEquals(path, 404, server.get(path).statusCode());
        }
    }

    @Test
    public void sendsPxelinuxTheModulesThatItAsksForOverHttp() throws Exception {
        Path modules = Files.createDirectories(folder.getRoot().toPath().resolve("boot/tftp"));
        Files.writeString(modules.resolve("mboot.c32"), "module");
        Files.writeString(modules.resolve("lpxelinux.0"), "loader");
        assertEquals("module", text(server.get("/boot/mboot.c32")));
        assertEquals(404, server.get("/boot/lpxelinux.0").statusCode());
    }

    /** It asks for the size first (UEFI HTTP boot, as EDK II does it). */
    @Test
    public void sendsFirmwareThatBootsOverHttpItsLoader() throws Exception {
        Path loaders = Files.createDirectories(folder.getRoot().toPath().resolve("boot/tftp"));
        Files.writeString(loaders.resolve("grubnet.efi"), "GRUB");
        String address = "http://127.0.0.1:" + server.httpPort() + "/boot/grubnet.efi";
        HttpResponse<byte[]> size = server.exchange("HEAD", address, null);
        assertEquals("4", size.headers().firstValue("Content-Length").orElse(""));
        assertEquals("GRUB", text(server.get("/boot/grubnet.efi")));
    }

    /** What is on it is read by RamDiskTest. */
    @Test
    public void sendsFirmwareThatStartsOnlyWhatIsSignedADisk() throws Exception {
        assertEquals(404, server.get("/boot/secure.img").statusCode());
        Path loaders = Files.createDirectories(folder.getRoot().toPath().resolve("boot/tftp"));
        Path signed = Files.createDirectories(loaders.resolve("secure"));
        Files.writeString(loaders.resolve("grubnet.efi"), "GRUB");
        Files.writeString(signed.resolve("shimx64.efi"), "shim");
        Files.writeString(signed.resolve("grubx64.efi"), "signed GRUB");
        Files.copy(Path.of("../node/secure-grub.cfg"), signed.resolve("grub.cfg"));
        Path initrd = folder.newFile("initrd").toPath();
        Files.writeString(initrd, "initrd");
        server.images.add("default", new BootFile("initrd.img", BootFile.Role.INITRD, 6, DIGEST), initrd);

        HttpResponse<byte[]> answer = server.get("/boot/secure.img");
        assertEquals(200, answer.statusCode());
        String disk = new String(answer.body(), StandardCharsets.ISO_8859_1);
        assertEquals("FAT16", disk.substring(54, 59));
        assertTrue(disk.contains("\nset qrm_server=127.0.0.1:" + server.httpPort() + " "));
        for (String name : List.of("BOOTX64 EFI", "GRUBX64 EFI", "GRUB    CFG", "VMLINUZ    ", "INITRD  IMG")) {
            assertTrue(name, disk.contains(name));
        }
        String address = "http://127.0.0.1:" + server.httpPort() + "/boot/secure.img";
        assertEquals(
                String.valueOf(disk.length()),
                server.exchange("HEAD", address, null)
                        .headers()
                        .firstValue("Content-Length")
                        .orElse(""));
    }

    @Test
    public void recordsTricksWithPaths() throws Exception {
        for (String path : new String[] {
            "/boot/images/default/..%2f..%2fsecret",
            "/boot/images/default/vmlinuz%00",
            "/boot/images/default/%2e%2e/x",
            "/boot/images/default/vmlinuz;x=y",
            "/boot/images/default/a\\b"
        }) {
            String status = statusOf("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertTrue(path + ": " + status, status.startsWith("404") || status.startsWith("400"));
            assertFalse(path, status.startsWith("200"));
        }
        assertTrue(server.nodes.refused.poll(30, TimeUnit.SECONDS).contains("a request of a boot loader"));
    }

    @Test
    public void handsOutTheCertificateOfTheAuthority() throws Exception {
        Path file = folder.getRoot().toPath().resolve("ca.pem");
        String pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        Files.writeString(file, pem);
        assertEquals(pem, text(server.get("/boot/ca.pem")));
        Files.writeString(file, pem + "-----BEGIN PRIVATE KEY-----\n");
        assertEquals(500, server.get("/boot/ca.pem").statusCode());
    }

    private String statusOf(String request) throws Exception {
        try (Socket socket = server.connect()) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.substring("HTTP/1.1 ".length());
        }
    }
}
