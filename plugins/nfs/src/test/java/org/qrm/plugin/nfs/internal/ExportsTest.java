package org.qrm.plugin.nfs.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;
import org.qrm.api.QrmException;
import org.qrm.api.storage.StorageClient;

public class ExportsTest {

    private static final List<StorageClient> CLIENTS =
            List.of(new StorageClient("10.77.0.101", true), new StorageClient("10.77.0.102", false));

    @Test
    public void opensAnImageOnTheKernelServer() {
        assertEquals(golden("kernel.exports"), Exports.forKernel("web1", "/diskimages/web1", false, CLIENTS));
    }

    @Test
    public void opensAFileSystemOnlyWhileItIsMounted() {
        assertEquals(golden("kernel-own.exports"), Exports.forKernel("web1", "/diskimages/web1", true, CLIENTS));
    }

    @Test
    public void opensAnImageOnGanesha() {
        assertEquals(golden("ganesha.conf"), Exports.forGanesha("web1", "/diskimages/web1", 10007, true, CLIENTS));
    }

    @Test
    public void opensItToNothingButSingleAddresses() {
        List<String> hostile = List.of(
                "",
                "*",
                "10.0.0.0/8",
                "10.0.0.1 *(rw)",
                "10.0.0.1; } CLIENT { Clients = *",
                "@all",
                "0.0.0.0",
                "10.0.0.256",
                "10.0.0.01",
                "10.0.0.1\n",
                "::1",
                "host.example");
        for (String address : hostile) {
            List<StorageClient> clients = List.of(new StorageClient(address, true));
            assertThrows(address, QrmException.class, () -> Exports.forKernel("web1", "/d/web1", false, clients));
            assertThrows(address, QrmException.class, () -> Exports.forGanesha("web1", "/d/web1", 1, true, clients));
        }
    }

    @Test
    public void refusesPathsThatWouldNeedQuoting() {
        List<String> hostile = List.of(
                "",
                "/",
                "relative",
                "/a b",
                "/a\"b",
                "/a;b",
                "/a\nb",
                "/a/../b",
                "/a//b",
                "/a/",
                "/a/.hidden",
                "/ü",
                "/a,b",
                "/a#b",
                "/a\\b");
        for (String path : hostile) {
            assertThrows(path, QrmException.class, () -> Exports.forKernel("web1", path, false, CLIENTS));
            assertThrows(path, QrmException.class, () -> Exports.forGanesha("web1", path, 1, true, CLIENTS));
        }
    }

    @Test
    public void refusesNamesThatWouldLeaveTheComment() {
        assertThrows(QrmException.class, () -> Exports.forKernel("web1\n/ *(rw)", "/d/web1", false, CLIENTS));
        assertThrows(QrmException.class, () -> Exports.forGanesha("web1\nEXPORT", "/d/web1", 1, true, CLIENTS));
    }

    @Test
    public void keepsImagesBelowTheExportRoot() {
        assertEquals("/d/web1", ImagePath.below("/d", "/d/web1"));
        for (String path : List.of("/d", "/dd/web1", "/e/web1", "/d/../e")) {
            assertThrows(path, QrmException.class, () -> ImagePath.below("/d", path));
        }
    }

    private static String golden(String name) {
        return new String(StorageHost.resource(name), UTF_8);
    }
}
