import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KnownRoutes } from './known-routes.ts';

it('tells which methods an address takes, whatever route it belongs to', () => {
  const routes = new KnownRoutes();
  routes.add({ url: '/a', method: 'GET' });
  routes.add({ url: '/a', method: ['POST', 'GET'] });
  routes.add({ url: '/a/:id', method: 'DELETE' });
  routes.add({ url: '/a/:id/again', method: 'POST' });
  routes.add({ url: '/b/*', method: 'GET' });
  routes.add({ url: '/c.d', method: 'GET' });
  routes.add({ url: '/*', method: ['GET', 'HEAD'] });
  for (const [path, methods] of [
    ['/a', ['GET', 'POST']],
    ['/a/', []],
    ['/a/7', ['DELETE']],
    ['/a/7/again', ['POST']],
    ['/a/7/8', []],
    ['/b/', ['GET']],
    ['/b/7/8', ['GET']],
    ['/b', []],
    ['/c.d', ['GET']],
    ['/cxd', []],
    ['/live/main.flv', ['GET', 'HEAD']],
    ['/live/main', []],
  ] as const) {
    assert.deepEqual(routes.methodsAt(path), methods, path);
  }
});
