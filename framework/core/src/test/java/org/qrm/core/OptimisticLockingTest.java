package org.qrm.core;

import static org.junit.Assert.assertEquals;
import static org.qrm.core.Race.oneWins;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Remark;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.Requirements;
import org.qrm.api.image.Loader;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.user.Role;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.image.BootImageService;
import org.qrm.core.image.FilesystemImageService;
import org.qrm.core.image.IdleImage;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.storage.StorageServerService;
import org.qrm.core.storage.StorageTypes;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.user.TokenService;

/** Of many who change a thing that they have seen, the first does. */
@RunWith(Parameterized.class)
public class OptimisticLockingTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;

    @Before
    public void start() throws Exception {
        core = new CoreFixture(folder.newFolder("core").toPath(), CoreFixture.QUICK, kind.freshUrl());
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    @Test
    public void aVirtualEnvironment() {
        core.environment("web1", EnvironmentMode.SINGLE, Requirements.NONE);
        oneWins(
                "update",
                core.environments.find("web1").orElseThrow(),
                (number, expected) -> core.environments.update(described("web1", number), expected));
        assertEquals(2, core.environments.find("web1").orElseThrow().version());
        var seen = core.environments.find("web1").orElseThrow();
        core.environments.update(described("web1", 9));
        Race.lateIsRefused(seen, expected -> core.environments.delete("web1", expected));
    }

    private static EnvironmentSpec described(String name, int number) {
        return new EnvironmentSpec(
                name,
                "default",
                name,
                EnvironmentMode.SINGLE,
                null,
                EnvironmentSpec.ON_NODE,
                Requirements.NONE,
                List.of(),
                "by " + number);
    }

    @Test
    public void aResource() {
        long id = core.database.change(change -> new ResourceRows()
                .insert(change, MacAddress.parse("52:54:00:aa:00:01"), "node-1", ResourceKind.NODE, null, null)
                .id());
        oneWins(
                "rename",
                core.resources.find(id).orElseThrow(),
                (number, expected) -> core.resources.rename(id, "rack" + number, expected));
        oneWins(
                "tag",
                core.resources.find(id).orElseThrow(),
                (number, expected) -> core.resources.tag(id, new Tag("rack", "" + number), expected));
        oneWins(
                "remark",
                core.resources.find(id).orElseThrow(),
                (number, expected) -> core.resources.remark(id, new Remark(null, "by " + number), expected));
    }

    @Test
    public void aStorageServer() {
        StorageServerService servers =
                new StorageServerService(core.database, new StorageTypes(new Whiteboard<>(core.calls)), core.calls);
        oneWins(
                "update",
                servers.find("store").orElseThrow(),
                (number, expected) -> servers.update(
                        new StorageServer("store", "memory", "10.0.1." + number, "10.0.0.2", "/export", null),
                        expected));
        oneWins(
                "remark",
                servers.find("store").orElseThrow(),
                (number, expected) -> servers.remark("store", new Remark("owner " + number, null), expected));
        StorageServer seen = servers.find("store").orElseThrow();
        servers.update(new StorageServer("store", "memory", "10.0.0.99", "10.0.0.2", "/export", null));
        Race.lateIsRefused(seen, expected -> servers.delete("store", expected));
    }

    @Test
    public void aBootImage() throws Exception {
        Path boot = folder.newFolder("boot").toPath();
        Files.createDirectories(boot.resolve("idle"));
        Files.writeString(boot.resolve("idle/vmlinuz"), "kernel");
        Files.writeString(boot.resolve("idle/initrd.img"), "initrd");
        BootImageService images = new BootImageService(
                core.database, folder.getRoot().toPath().resolve("images"), new IdleImage(boot, boot));
        images.create("web", Loader.LINUX, null, "");
        oneWins(
                "update",
                images.find("web").orElseThrow(),
                (number, expected) -> images.update("web", Loader.LINUX, "by " + number, expected));
        var seen = images.find("web").orElseThrow();
        images.update("web", Loader.LINUX, "by another");
        Race.lateIsRefused(seen, expected -> images.delete("web", expected));
    }

    @Test
    public void aFilesystemImage() {
        FilesystemImageService images =
                new FilesystemImageService(core.database, core.engine, null, EnvironmentService::mayStillWrite);
        core.image("debian");
        oneWins(
                "update",
                images.find("debian").orElseThrow(),
                (number, expected) -> images.update("debian", "by " + number, expected));
        var seen = images.find("debian").orElseThrow();
        images.update("debian", "by another");
        Race.lateIsRefused(seen, expected -> images.delete("debian", false, expected));
    }

    @Test
    public void aToken() {
        TokenService tokens = new TokenService(core.database, Clock.systemUTC());
        var made =
                tokens.create("backup", "ann", Role.VIEWER, Duration.ofDays(2)).token();
        var other =
                tokens.create("other", "ann", Role.VIEWER, Duration.ofDays(2)).token();
        Race.lateIsRefused(other, expected -> tokens.revoke(made.id(), expected));
        tokens.revoke(made.id(), Race.still(tokens.find(made.id()).orElseThrow()));
    }
}
