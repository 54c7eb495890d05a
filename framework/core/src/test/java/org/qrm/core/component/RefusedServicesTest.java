package org.qrm.core.component;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.qrm.core.pluginfile.Fault;
import org.qrm.core.store.Database;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.TestDatabase;

public class RefusedServicesTest {

    @Test
    public void whatHasGoneMeanwhileIsNotToldForEver() {
        try (Database database = TestDatabase.open(DatabaseKind.DERBY.freshUrl())) {
            RefusedServices refused = new RefusedServices(database);
            refused.tell(reference(null), "it is late");
            assertEquals(List.of(), told(database));
            Bundle slow = fake(Bundle.class, "org.example.slow");
            refused.late(reference(slow), "it is late");
            assertEquals(List.of("lamp of bundle org.example.slow is not used: it is late"), told(database));
            assertEquals(List.of(new Fault("lamp", "it is late", false)), refused.faults(slow));
            refused.over(reference(slow));
            assertEquals(List.of(), refused.faults(slow));
        }
    }

    private static List<String> told(Database database) {
        return database.read(handle -> handle.createQuery("select description from event")
                .mapTo(String.class)
                .list());
    }

    private static ServiceReference<?> reference(Bundle bundle) {
        return (ServiceReference<?>) Proxy.newProxyInstance(
                RefusedServicesTest.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBundle" -> bundle;
                    case "getProperty" ->
                        arguments[0].equals("component.name") ? "lamp" : new String[] {"org.example.Lamp"};
                    default -> null;
                });
    }

    private static Bundle fake(Class<Bundle> type, String name) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getSymbolicName" -> name;
                    case "getBundleId" -> 7L;
                    default -> null;
                }));
    }
}
