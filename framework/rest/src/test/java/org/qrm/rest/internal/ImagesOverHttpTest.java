package org.qrm.rest.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.qrm.api.image.ImageSource;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;
import org.qrm.rest.internal.fake.RestServer.Reply;

public class ImagesOverHttpTest {

    private static final String BOOT = "/api/v1/boot-images";
    private static final String FILESYSTEM = "/api/v1/filesystem-images";

    private final FakeServices services = new FakeServices();

    @Rule
    public final RestServer server = new RestServer(services);

    @Test
    public void createsShowsListsAndDeletesABootImage() {
        Reply made = server.post(BOOT, "{\"name\":\"xen\",\"loader\":\"multiboot\",\"description\":\"d\"}");
        assertEquals(201, made.status());
        assertEquals(BOOT + "/xen", made.header("location"));
        assertEquals("multiboot", server.get(BOOT + "/xen").at("loader"));
        assertEquals(1, server.get(BOOT).json().path("items").size());
        assertEquals(204, server.delete(BOOT + "/xen").status());
        assertEquals(404, server.get(BOOT + "/xen").status());
    }

    @Test
    public void refusesABootImageWithABadOrTakenName() {
        assertEquals(400, server.post(BOOT, "{\"name\":\"../etc\"}").status());
        assertEquals(201, server.post(BOOT, "{\"name\":\"one\"}").status());
        assertEquals(409, server.post(BOOT, "{\"name\":\"one\"}").status());
    }

    @Test
    public void storesTheBytesOfAFileAsTheyCome() {
        server.post(BOOT, "{\"name\":\"one\"}");
        byte[] content = new byte[3 * 1024 * 1024];
        HttpRequest.Builder request = server.request(BOOT + "/one/files/vmlinuz?role=kernel")
                .header("Authorization", RestServer.ADMIN)
                .header("Content-Type", "application/octet-stream");
        Reply reply = server.send(request, "PUT", BodyPublishers.ofByteArray(content));
        assertEquals(200, reply.status());
        assertEquals("kernel", reply.json().path("files").path(0).path("role").asText());
        assertEquals(
                content.length, reply.json().path("files").path(0).path("size").asLong());
    }

    @Test
    public void refusesAFileWithoutRoleOrWithAPathForAName() {
        server.post(BOOT, "{\"name\":\"one\"}");
        assertEquals("role", server.put(BOOT + "/one/files/vmlinuz", "{}").at("subject"));
        assertEquals(
                400,
                server.put(BOOT + "/one/files/..%2Fpasswd?role=kernel", "{}").status());
        assertEquals(
                404, server.put(BOOT + "/two/files/vmlinuz?role=kernel", "{}").status());
    }

    @Test
    public void changesABootImageAndRemovesAFile() {
        server.post(BOOT, "{\"name\":\"one\",\"description\":\"old\"}");
        server.put(BOOT + "/one/files/vmlinuz?role=kernel", "{}");
        String tag = server.get(BOOT + "/one").header("etag");
        Reply changed = server.put(BOOT + "/one", "{\"loader\":\"multiboot\",\"description\":\"new\"}");
        assertEquals(200, changed.status());
        assertEquals("multiboot", changed.at("loader"));
        assertEquals("new", server.get(BOOT + "/one").at("description"));
        assertNotEquals(tag, server.get(BOOT + "/one").header("etag"));
        assertEquals(400, server.put(BOOT + "/one", "{\"name\":\"two\"}").status());
        assertEquals(404, server.put(BOOT + "/none", "{}").status());
        Reply without = server.delete(BOOT + "/one/files/vmlinuz");
        assertEquals(200, without.status());
        assertEquals(0, without.json().path("files").size());
        assertEquals(404, server.delete(BOOT + "/one/files/vmlinuz").status());
    }

    @Test
    public void changesWhatAFilesystemImageSaysToPeople() {
        create("{\"type\":\"empty\"}");
        Reply changed = server.put(FILESYSTEM + "/root", "{\"name\":\"root\",\"description\":\"new\"}");
        assertEquals(200, changed.status());
        assertEquals("new", server.get(FILESYSTEM + "/root").at("description"));
        assertEquals(
                400, server.put(FILESYSTEM + "/root", "{\"path\":\"/other\"}").status());
        assertEquals(400, server.put(FILESYSTEM + "/root", "{\"name\":\"two\"}").status());
        assertEquals(404, server.put(FILESYSTEM + "/none", "{}").status());
    }

    @Test
    public void listsFilesystemImagesOfOneStateAndOneStorageServer() {
        create("{\"type\":\"empty\"}");
        assertEquals(1, listed("?storageServer=nas&state=creating"));
        assertEquals(0, listed("?storageServer=other"));
        assertEquals(0, listed("?state=ready"));
        Reply unknown = server.get(FILESYSTEM + "?state=full");
        assertEquals(400, unknown.status());
        assertEquals("full", unknown.at("subject"));
    }

    private int listed(String query) {
        return server.get(FILESYSTEM + query).json().path("items").size();
    }

    @Test
    public void createsAFilesystemImageFromEachSource() {
        create("{\"type\":\"existing\"}");
        assertEquals(new ImageSource.Existing(), services.knownImages.filesystem.lastSource);
        create("{\"type\":\"empty\"}");
        assertEquals(new ImageSource.Empty(), services.knownImages.filesystem.lastSource);
        create("{\"type\":\"system\",\"address\":\"192.168.1.10\"}");
        assertEquals(new ImageSource.System("192.168.1.10", null), services.knownImages.filesystem.lastSource);
        create("{\"type\":\"archive\",\"path\":\"/a.tar\"}");
        assertEquals(new ImageSource.Archive("/a.tar"), services.knownImages.filesystem.lastSource);
        create("{\"type\":\"debootstrap\",\"suite\":\"bookworm\",\"packages\":[\"nginx\"]}");
        assertEquals(
                new ImageSource.Debootstrap("bookworm", List.of("nginx")), services.knownImages.filesystem.lastSource);
    }

    private void create(String source) {
        Reply reply =
                server.post(FILESYSTEM, "{\"name\":\"root\",\"storageServer\":\"nas\",\"source\":" + source + "}");
        assertEquals(source, 202, reply.status());
        assertEquals("filesystem-image/root", reply.at("subject"));
        assertTrue(reply.header("location").startsWith("/api/v1/operations/"));
    }

    @Test
    public void refusesASourceThatDoesNotFitItsType() {
        String prefix = "{\"name\":\"root\",\"storageServer\":\"nas\",\"source\":";
        Reply without = server.post(FILESYSTEM, prefix + "{\"type\":\"system\"}}");
        assertEquals(400, without.status());
        assertEquals("source.address", without.at("subject"));
        Reply stray = server.post(FILESYSTEM, prefix + "{\"type\":\"empty\",\"path\":\"/x\"}}");
        assertEquals("source.path", stray.at("subject"));
        Reply unknown = server.post(FILESYSTEM, prefix + "{\"type\":\"magic\"}}");
        assertEquals("source.type", unknown.at("subject"));
        assertEquals("source", server.post(FILESYSTEM, prefix + "null}").at("subject"));
    }

    @Test
    public void showsListsMeasuresAndDeletesAFilesystemImage() {
        create("{\"type\":\"empty\"}");
        assertEquals("creating", server.get(FILESYSTEM + "/root").at("state"));
        assertEquals(1, server.get(FILESYSTEM + "?limit=5").json().path("items").size());
        assertEquals(
                202,
                server.post(FILESYSTEM + "/root/actions", "{\"action\":\"measure\"}")
                        .status());
        assertEquals(202, server.delete(FILESYSTEM + "/root").status());
        assertFalse(services.knownImages.filesystem.lastKeepContent);
        server.delete(FILESYSTEM + "/root?keepContent=true");
        assertTrue(services.knownImages.filesystem.lastKeepContent);
        assertFalse(services.knownImages.filesystem.lastWithSnapshots);
        server.delete(FILESYSTEM + "/root?withSnapshots=true");
        assertTrue(services.knownImages.filesystem.lastWithSnapshots);
    }

    @Test
    public void takesListsRestoresAndDeletesSnapshots() {
        create("{\"type\":\"empty\"}");
        String snapshots = FILESYSTEM + "/root/snapshots";
        Reply taken = server.post(snapshots, "{\"snapshot\":\"before\",\"description\":\"the upgrade\"}");
        assertEquals(202, taken.status());
        assertEquals("filesystem-image.create-snapshot", taken.at("kind"));
        server.post(snapshots, "{\"snapshot\":\"after\"}");
        Reply list = server.get(snapshots + "?limit=1");
        assertEquals("after", list.json().path("items").path(0).path("name").asText());
        assertEquals(
                "the upgrade",
                server.get(snapshots + "?after=" + list.at("next"))
                        .json()
                        .path("items")
                        .path(0)
                        .path("description")
                        .asText());
        Reply restored = server.post(snapshots + "/before/actions", "{\"action\":\"restore\"}");
        assertEquals(202, restored.status());
        assertEquals("filesystem-image.restore-snapshot", restored.at("kind"));
        assertEquals(
                "filesystem-image.delete-snapshot",
                server.delete(snapshots + "/before").at("kind"));
    }

    @Test
    public void saysThatThereIsNoSuchSnapshot() {
        create("{\"type\":\"empty\"}");
        String snapshots = FILESYSTEM + "/root/snapshots";
        assertEquals(404, server.get(FILESYSTEM + "/none/snapshots").status());
        assertEquals(
                404,
                server.post(FILESYSTEM + "/none/snapshots", "{\"snapshot\":\"a\"}")
                        .status());
        assertEquals(404, server.delete(snapshots + "/none").status());
        assertEquals(
                404,
                server.post(snapshots + "/none/actions", "{\"action\":\"restore\"}")
                        .status());
        assertEquals("snapshot", server.post(snapshots, "{}").at("subject"));
        assertEquals("name", server.post(snapshots, "{\"name\":\"a\"}").at("subject"));
    }

    @Test
    public void saysThatThereIsNoSuchFilesystemImage() {
        assertEquals(404, server.get(FILESYSTEM + "/none").status());
        assertEquals(404, server.delete(FILESYSTEM + "/none").status());
        assertEquals(
                404,
                server.post(FILESYSTEM + "/none/actions", "{\"action\":\"measure\"}")
                        .status());
        assertEquals(400, server.delete(FILESYSTEM + "/none?keepContent=maybe").status());
    }
}
