// Wraps `fetch`: what is meant for `host` goes to `origin`, what is meant for any other place that is
// not this machine is refused. `host` and `origin` stand above. Nothing else of `fetch` changes.
const real = globalThis.fetch;

const hosts = new URL(host).origin;
const stage = new URL(origin);
const without_network = ["about:", "blob:", "data:", "file:"];
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

// A Request is loaded lazily by some runtimes: asking for its class here would delay their start.
const is_request = (input) =>
  typeof input === "object" && typeof globalThis.Request === "function" && input instanceof Request;

// The URL that is asked for; undefined where it cannot be read, which `fetch` itself says best.
function target(input) {
  try {
    return new URL(is_request(input) ? input.url : input);
  } catch {
    return undefined;
  }
}

function refuse(url) {
  const known = `the host that is stood in for (${hosts}) nor this machine`;
  return Promise.reject(new TypeError(`fetch refused: ${url.href} is neither ${known}`));
}

const wrapper = {
  fetch(...args) {
    const url = target(args[0]);
    if (!url || without_network.includes(url.protocol)) {
      return Reflect.apply(real, this, args);
    }
    if (url.origin === hosts) {
      url.protocol = stage.protocol;
      url.hostname = stage.hostname;
      url.port = stage.port;
      try {
        args[0] = is_request(args[0]) ? new Request(url.href, args[0]) : url.href;
      } catch (error) {
        return Promise.reject(error);
      }
    } else if (!loopback.test(url.hostname)) {
      return refuse(url);
    }
    return Reflect.apply(real, this, args);
  },
}.fetch;

if (typeof real === "function") {
  for (const key of ["name", "length"]) {
    Object.defineProperty(wrapper, key, Object.getOwnPropertyDescriptor(real, key));
  }
  const { enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, "fetch");
  const property = { value: wrapper, writable: true, enumerable, configurable };
  Object.defineProperty(globalThis, "fetch", property);
}
