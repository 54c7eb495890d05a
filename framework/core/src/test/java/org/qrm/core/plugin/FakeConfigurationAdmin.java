package org.qrm.core.plugin;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Configurations in memory: as much of the service as the core uses. */
final class FakeConfigurationAdmin {

    final Map<String, Dictionary<String, Object>> contents = new TreeMap<>();

    ConfigurationAdmin service() {
        return (ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getConfiguration" -> configuration((String) arguments[0]);
                    case "listConfigurations" -> matching((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Configuration[] matching(String filter) {
        String pid = filter.replaceAll(".*service.pid=([^)]*)\\).*", "$1");
        List<Configuration> found = new ArrayList<>();
        contents.forEach((name, content) -> {
            boolean named = pid.endsWith("*") ? name.startsWith(pid.substring(0, pid.length() - 1)) : name.equals(pid);
            if (named && "true".equals(content.get("qrm.answered"))) {
                found.add(configuration(name));
            }
        });
        return found.isEmpty() ? null : found.toArray(new Configuration[0]);
    }

    @SuppressWarnings("unchecked")
    private Configuration configuration(String pid) {
        return (Configuration) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Configuration.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "updateIfDifferent" -> contents.put(pid, copy((Dictionary<String, ?>) arguments[0]));
                        case "delete" -> contents.remove(pid);
                        case "getPid" -> {
                            return pid;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return method.getReturnType() == boolean.class ? true : null;
                });
    }

    private static Dictionary<String, Object> copy(Dictionary<String, ?> from) {
        Dictionary<String, Object> to = new Hashtable<>();
        from.keys().asIterator().forEachRemaining(key -> to.put(key, from.get(key)));
        return to;
    }
}
