package org.qrm.core.component;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.qrm.core.Eventually.eventually;
import static org.qrm.core.component.FakeFramework.bundle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.event.Event;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Plugin;
import org.qrm.api.plugin.PluginState;
import org.qrm.core.call.Admission;
import org.qrm.core.call.PluginCalls;
import org.qrm.core.call.Whiteboard;
import org.qrm.core.event.EventLogService;
import org.qrm.core.plugin.ActingPlugins;
import org.qrm.core.plugin.PresentPlugins;
import org.qrm.core.store.Database;
import org.qrm.core.store.TestDatabase;

/** What a bundle brings is used while its plug-in is registered, and at no other time. */
public class UnregisteredPluginsTest {

    private static final Bundle KVM = bundle(70, "org.example.kvm", "file:/deploy/kvm.jar");
    private static final Bundle REST = bundle(50, "org.qrm.rest", "mvn:org.qrm/org.qrm.rest/1");
    private static final Bundle NFS = bundle(60, "org.qrm.plugin.nfs", "mvn:org.qrm/org.qrm.plugin.nfs/1");
    private static final Bundle FALSE = bundle(71, "org.qrm.rest.false", "file:/deploy/false.jar");
    private static final Map<String, Object> OF_KVM = Map.of(Plugin.OWNER, "kvm");

    private final Database database = TestDatabase.fresh();
    private final PluginCalls calls = new PluginCalls();
    private final FakeFramework framework = new FakeFramework();
    private final PluginServices services = new PluginServices(
            framework.context(), calls, new RefusedServices(database), () -> {}, Duration.ofMillis(50));
    private final Whiteboard<CharSequence> stores =
            services.of(CharSequence.class, PluginState.REGISTERED, Admission.any());
    private final Whiteboard<Runnable> powers = services.of(Runnable.class, PluginState.INSTALLED, Admission.any());
    private final ActingPlugins acting = new ActingPlugins(
            database,
            new PresentPlugins(
                    services.of(Plugin.class),
                    services.of(ConfigurationWizard.class),
                    calls,
                    Whiteboard.Refusals.UNHEARD));
    private final List<String> made = Collections.synchronizedList(new ArrayList<>());

    @Before
    public void open() {
        acting.look();
        services.open(acting);
    }

    @After
    public void close() {
        services.close();
        calls.close();
        database.close();
    }

    @Test
    public void isNotEvenMadeBeforeItsPluginIsRegistered() {
        store("kvm's", KVM, OF_KVM);
        services.settle();
        assertEquals(List.of(), made);
        assertEquals(List.of(), stores.services());
    }

    @Test
    public void actsAtOnceWhenItsPluginIsRegisteredAndNoLongerWhenItIsNot() {
        store("kvm's", KVM, OF_KVM);
        kvm(PluginState.REGISTERED);
        assertEquals(List.of("kvm's"), stores.services());
        kvm(null);
        assertEquals(List.of(), stores.services());
        kvm(PluginState.REGISTERED);
        assertEquals(List.of("kvm's"), stores.services());
    }

    @Test
    public void whatCouldNotBeMadeIsTriedAgain() {
        kvm(PluginState.REGISTERED);
        framework.register(
                CharSequence.class, KVM, OF_KVM, () -> made.size() < 2 && made.add("not yet") ? null : "kvm's");
        services.settle();
        assertEquals(List.of(), stores.services());
        eventually(() -> "" + made, () -> stores.services().equals(List.of("kvm's")));
        assertEquals(2, made.size());
    }

    @Test
    public void whatHasGoneIsNotTriedAgain() {
        kvm(PluginState.REGISTERED);
        ServiceReference<CharSequence> gone =
                framework.register(CharSequence.class, KVM, OF_KVM, () -> made.add("not yet") ? null : "");
        services.settle();
        framework.unregister(gone);
        LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
        assertEquals(List.of("not yet"), made);
    }

    @Test
    public void whatTouchesMachinesActsWhenItsPluginIsInstalled() {
        Runnable power = () -> {};
        framework.register(Runnable.class, KVM, OF_KVM, () -> power);
        kvm(PluginState.REGISTERED);
        assertEquals(List.of(), powers.services());
        kvm(PluginState.CONFIGURED);
        assertEquals(List.of(), powers.services());
        kvm(PluginState.INSTALLED);
        assertEquals(List.of(power), powers.services());
    }

    @Test
    public void whatIsOfTheServerItselfActsAlways() {
        store("the server's", REST, Map.of());
        services.settle();
        assertEquals(List.of("the server's"), stores.services());
    }

    @Test
    public void aNameMakesNobodyAPartOfTheServer() {
        store("a stranger's", FALSE, Map.of());
        store("a plug-in's of the archive", NFS, Map.of());
        services.settle();
        assertEquals(List.of(), stores.services());
    }

    @Test
    public void aStrangerDoesNotTakeWhatARegisteredOneHas() {
        kvm(PluginState.ACTIVE);
        store("kvm's", KVM, OF_KVM);
        ServiceReference<CharSequence> stranger =
                store("a stranger's", FALSE, Map.of("service.ranking", 100, Plugin.OWNER, "none"));
        services.settle();
        assertEquals(List.of("kvm's"), stores.services());
        framework.unregister(stranger);
        assertEquals(List.of("kvm's"), stores.services());
    }

    @Test
    public void anotherServersRegistrationIsSeenAtTheNextLook() {
        store("kvm's", KVM, OF_KVM);
        row(PluginState.REGISTERED);
        assertEquals(List.of(), stores.services());
        acting.look();
        services.settle();
        assertEquals(List.of("kvm's"), stores.services());
    }

    @Test
    public void whatWaitsForARegistrationIsToldOnceAndIsOverThen() {
        store("kvm's", KVM, OF_KVM);
        store("kvm's second", KVM, OF_KVM);
        eventually(() -> "it is told", () -> !events("plugin.waits").isEmpty());
        kvm(PluginState.REGISTERED);
        Event told = events("plugin.waits").get(0);
        assertEquals(1, events("plugin.waits").size());
        assertEquals("plugin/kvm", told.subject());
        assertTrue(told.description(), told.description().contains("qrm plugin register kvm"));
        assertTrue(told.resolved());
    }

    @Test
    public void whatBelongsToNoPluginIsRefusedWithItsBundlesName() {
        ServiceReference<CharSequence> orphan = store("an orphan", FALSE, Map.of());
        eventually(() -> "it is told", () -> !events("plugin.refused").isEmpty());
        String why = events("plugin.refused").get(0).description();
        assertTrue(why, why.contains("org.qrm.rest.false") && why.contains(Plugin.OWNER));
        framework.unregister(orphan);
        assertTrue("it is over when it goes", events("plugin.refused").get(0).resolved());
    }

    private ServiceReference<CharSequence> store(String name, Bundle bundle, Map<String, Object> properties) {
        return framework.register(CharSequence.class, bundle, properties, () -> {
            made.add(name);
            return name;
        });
    }

    private void kvm(PluginState state) {
        row(state);
        acting.look();
        services.settle();
    }

    private void row(PluginState state) {
        database.change(change -> {
            change.handle().execute("delete from plugin where id = 'kvm'");
            if (state != null) {
                change.handle()
                        .execute(
                                "insert into plugin (id, state, description, version, touched) values ('kvm', ?, '', '', false)",
                                state.name());
            }
            return null;
        });
    }

    private List<Event> events(String type) {
        return new EventLogService(database)
                .list(Filter.all(), new PageRequest(100, null)).items().stream()
                        .filter(event -> event.type().equals(type))
                        .toList();
    }
}
