package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;

public class GrubServerTest {

    private static final String ROOM = "\nset qrm_server=                      # \n";
    private static final Path SCRIPT = Path.of("../../framework/node/grub.cfg");

    @Test
    public void writesAddressAndPortWhereTheLoadersScriptHasRoom() throws IOException {
        for (String server : List.of("10.77.0.1:80", "10.77.0.1:8080", "255.255.255.255:65535")) {
            int colon = server.indexOf(':');
            String script = Files.readString(SCRIPT);
            String written = written(script, server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
            assertEquals(
                    server,
                    written.lines()
                            .filter(line -> line.startsWith("set qrm_server="))
                            .map(line -> line.substring("set qrm_server=".length(), line.indexOf(" #"))
                                    .strip())
                            .findFirst()
                            .orElse("none"));
            assertEquals(script, written.replace(server, " ".repeat(server.length())));
        }
    }

    @Test
    public void touchesNoOtherByte() {
        byte[] image = new byte[512];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) i;
        }
        String around = new String(image, StandardCharsets.ISO_8859_1);
        assertArrayEquals(
                (around + "\nset qrm_server=10.77.0.1:8080        # \n" + around).getBytes(StandardCharsets.ISO_8859_1),
                written(around + ROOM + around, "10.77.0.1", 8080).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    public void refusesALoaderWithoutThatRoomOrWithTwo() {
        for (String image : List.of("", "MZ", "\nset qrm_server=\n", ROOM.replaceFirst(" ", ""), ROOM + ROOM)) {
            QrmException refused = assertThrows(image, QrmException.class, () -> written(image, "10.77.0.1", 80));
            assertEquals("grubnet.efi", refused.problem().reason().substring(0, "grubnet.efi".length()));
        }
    }

    private static String written(String image, String server, int port) {
        return new String(
                GrubServer.withServer(
                        "grubnet.efi",
                        image.getBytes(StandardCharsets.ISO_8859_1),
                        Ipv4.parse(server).orElseThrow(),
                        port),
                StandardCharsets.ISO_8859_1);
    }
}
