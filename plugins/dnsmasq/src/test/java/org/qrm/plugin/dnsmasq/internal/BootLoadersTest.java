package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.QrmException;

public class BootLoadersTest {

    private static final Ipv4 SERVER = Ipv4.parse("10.77.0.1").orElseThrow();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path shipped;
    private Path served;

    @Before
    public void shipPxelinux() throws IOException {
        shipped = folder.newFolder("shipped").toPath();
        served = folder.getRoot().toPath().resolve("served");
        ByteBuffer pxelinux = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                shipped.resolve("lpxelinux.0"),
                pxelinux.putInt(8, 0x2983c8ac).putInt(12, 28).array());
    }

    @Test
    public void bothLoadersKnowTheServerAndItsPort() throws IOException {
        Files.copy(Path.of("../../framework/node/grub.cfg"), shipped.resolve("grubnet.efi"));
        assertTrue(BootLoaders.copied(shipped, served, SERVER, 8081, null).efi());
        assertTrue(served("lpxelinux.0").contains("http://10.77.0.1:8081/boot/"));
        assertTrue(served("grubnet.efi").contains("\nset qrm_server=10.77.0.1:8081 "));
    }

    @Test
    public void offersUefiMachinesNothingWhenThereIsNoLoaderForThem() throws IOException {
        Files.createDirectories(served);
        Files.writeString(served.resolve("grubnet.efi"), "of a run before");
        assertFalse(BootLoaders.copied(shipped, served, SERVER, 8080, null).efi());
        assertFalse(Files.exists(served.resolve("grubnet.efi")));
    }

    @Test
    public void refusesALoaderForUefiThatWouldAskAnotherServer() throws IOException {
        Files.writeString(shipped.resolve("grubnet.efi"), "another GRUB");
        QrmException refused =
                assertThrows(QrmException.class, () -> BootLoaders.copied(shipped, served, SERVER, 8080, null));
        assertEquals(
                "grubnet.efi has no room for the server's address: UEFI machines would ask another server",
                refused.problem().reason());
    }

    @Test
    public void servesWhatMachinesWithSecureBootLoad() throws IOException {
        Path secure = Files.createDirectories(shipped.resolve("secure"));
        Path idle = Files.createDirectories(shipped.resolveSibling("elsewhere"));
        Files.copy(Path.of("../../framework/node/secure-grub.cfg"), secure.resolve("grub.cfg"));
        for (Path file : List.of(
                secure.resolve("shimx64.efi"),
                secure.resolve("grubx64.efi"),
                idle.resolve("KERNEL"),
                idle.resolve("INITRD"))) {
            Files.writeString(file, "the " + file.getFileName());
        }
        BootLoaders.copied(shipped, served, SERVER, 8081, role -> Optional.of(idle.resolve(role.name())));
        for (String name : List.of("shimx64.efi", "grubx64.efi")) {
            assertEquals("the " + name, served(name));
        }
        assertEquals("the KERNEL", served("vmlinuz"));
        assertEquals("the INITRD", served("initrd.img"));
        assertTrue(served("grub/grub.cfg").contains("\nset qrm_server=10.77.0.1:8081 "));
    }

    @Test
    public void saysWhatIsMissingForSecureBoot() {
        QrmException refused = assertThrows(
                QrmException.class, () -> BootLoaders.copied(shipped, served, SERVER, 8080, role -> Optional.empty()));
        assertTrue(refused.getMessage(), refused.problem().reason().contains("shimx64.efi is not there"));
    }

    private String served(String name) throws IOException {
        return Files.readString(served.resolve(name), StandardCharsets.ISO_8859_1);
    }
}
