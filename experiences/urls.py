app_name = "experiences"
urlpatterns: list = []
