"""Addresses of plans, part of those of the app."""

from django.urls import path

from events.views import plan_filling, plan_items, plan_steps, plans

urlpatterns = [
    path("plan/", plans.PlanOfYearView.as_view(), name="plan-of-year"),
    path("plans/", plans.PlansView.as_view(), name="plans"),
    path("plans/new/", plan_steps.PlanNewView.as_view(), name="plan-new"),
    path("plans/<int:pk>/", plans.PlanView.as_view(), name="plan"),
    path("plans/<int:pk>/edit/", plan_steps.PlanEditView.as_view(), name="plan-edit"),
    path("plans/<int:pk>/removal/", plan_steps.PlanRemovalView.as_view(), name="plan-removal"),
    path("plans/<int:pk>/order/", plan_steps.PlanOrderView.as_view(), name="plan-order"),
    path("plans/<int:pk>/approval/", plan_steps.PlanOwnApprovalView.as_view(), name="plan-own-approval"),
    path("plans/<int:pk>/files/<slug:format>/", plan_steps.PlanFileView.as_view(), name="plan-file"),
    path("plans/<int:plan>/import/", plan_filling.PlanImportView.as_view(), name="plan-import"),
    path("plans/<int:plan>/items/new/", plan_filling.ItemNewView.as_view(), name="plan-item-new"),
    path("plans/items/<int:pk>/", plan_items.ItemView.as_view(), name="plan-item"),
    path("plans/items/<int:pk>/edit/", plan_items.ItemEditView.as_view(), name="plan-item-edit"),
    path("plans/items/<int:pk>/removal/", plan_items.ItemRemovalView.as_view(), name="plan-item-removal"),
    path("plans/items/<int:pk>/holding/", plan_items.ItemHoldingView.as_view(), name="plan-item-holding"),
    path("plans/items/<int:pk>/move/", plan_items.ItemMoveView.as_view(), name="plan-item-move"),
    path(
        "plans/items/<int:pk>/cancellation/",
        plan_items.ItemCancellationView.as_view(),
        name="plan-item-cancellation",
    ),
    path(
        "plans/items/<int:pk>/restoration/",
        plan_items.ItemRestorationView.as_view(),
        name="plan-item-restoration",
    ),
]
